#pragma once
#include "propose/draft.h"

namespace vigie::propose {

/// The export whose headers all stand in the file; of several, the one that is known by most. Null where none is.
const KnownExport* recognised(const TableSketch& sketch, const Vocabulary& vocabulary);

/// The drafts of an export's own maps. A column of it that the file lacks is left away; one that rows cannot do without
/// is an error of the export's file.
Result<std::vector<Draft>> drafts_of(const KnownExport& known, const Material& material);

/// The maps of a preset, word by word, with the file in place of their input; and what they ask. Maps whose accounts
/// are not in the file are left away.
struct PresetMaps {
  std::vector<ProposedMap> maps;
  std::vector<Question> questions;
};
Result<PresetMaps> preset_maps(const KnownExport& known, const Material& material);

}  // namespace vigie::propose
