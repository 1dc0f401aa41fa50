#pragma once
// api/ — the routes of docs/api.md over an abstract workspace.
//
//   port.h           what the routes ask of a workspace
//   question_json.h  the body of POST /api/v1/ask → questions as fields
//   routes.h         addresses → port → JSON (answers_json.h); static files and health beside them
//   workspace_port.h the port on a real workspace
#include <map>
#include <optional>

#include "base/result.h"
#include "exports/writer.h"
#include "server/http/message.h"
#include "tongue/language.h"

namespace vigie::api {

/// So many rows are listed at most, whatever is listed.
constexpr int kMostRows = 100'000;

/// A question as people type it, field by field; what plan::question_from_fields takes.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// An Answer as JSON, with the one figure that a board repeats.
struct AnswerText {
  std::string json;
  std::string as_of;
};

/// What `vigie import` hands to the server that has the workspace open: absolute paths on this machine.
struct ImportOrder {
  std::string map_file;
  std::optional<std::string> folder;
  std::vector<std::string> files;
  std::map<std::string, std::string> named_files;
};

/// What a person orders of rows that wait in the quarantine.
struct QuarantineOrder {
  Fields where;  ///< which rows, as a query string would say it
  Fields set;    ///< fix: input column → text
  std::optional<std::string> file, map_file;
  std::string by, why;
};
/// Who is to be erased.
struct EraseOrder {
  std::string id, source, by;
  bool dry_run = false;
};
enum class QuarantineVerb { fix, replay, drop };

/// A file that is wanted: of the answer to a question, of the board, or of a canonical table.
struct ExportOrder {
  enum class What { kpi, board, table } what = What::kpi;
  std::string name;  ///< KPI or table
  Fields fields;     ///< of the question, or of the table: where, columns
  exports::Form form = {};
};

/// A workspace as the routes see it: questions in, JSON out. Any thread may call it; each call may take its time and
/// looks at the token. Errors are those of the rooms behind it.
class Port {
 public:
  virtual ~Port() = default;
  /// One result for each question, in order.
  virtual std::vector<Result<AnswerText>> answers(const std::vector<Fields>& questions,
                                                  const http::CancelToken& token) = 0;
  /// The ten, in the order of the board: an id, or "id:variant" where another than the default leads.
  virtual std::vector<std::string> headline() = 0;
  virtual Result<std::string> workspace(const http::CancelToken& token) = 0;
  virtual Result<std::string> catalogue() = 0;
  /// The catalogue as a document (Markdown).
  virtual std::string handbook(tongue::Language language) = 0;
  /// One table or relation; with an empty name all of them.
  virtual Result<std::string> model(const std::string& name) = 0;
  virtual Result<std::string> explanation(const Fields& question, const http::CancelToken& token) = 0;
  virtual Result<std::string> why(const Fields& question, const http::CancelToken& token) = 0;
  virtual Result<std::string> reconciliation(const Fields& first, const Fields& last,
                                             const http::CancelToken& token) = 0;
  /// What the data propose for the horizon of inactivity and the window of conversion.
  virtual Result<std::string> proposals(const http::CancelToken& token) = 0;
  /// What is wrong in the workspace, in order; empty: nothing is.
  virtual std::vector<Error> check(const http::CancelToken& token) = 0;
  /// How the checks of maps and sources stand; looked at again first, where asked for.
  virtual Result<std::string> checks(bool again, tongue::Language language) = 0;
  virtual Result<std::string> dimension_values(const std::string& dimension, const std::string& typed, int limit,
                                               const http::CancelToken& token) = 0;
  /// The rows that imports could not take; fields `batch`, `map`, `code`, `column`, `file`, `ids`, `rows`, `from` and
  /// `group`: defect (a line each), row, reason.
  virtual Result<std::string> quarantine(const Fields& fields, const http::CancelToken& token) = 0;
  virtual Result<std::string> quarantined_row(const std::string& id) = 0;
  virtual Result<std::string> change_quarantine(QuarantineVerb verb, const QuarantineOrder& order,
                                                const http::CancelToken& token) = 0;
  /// Writes that file; what is refused has written nothing that counts. One table at a time: export.busy.
  virtual Result<exports::Exported> export_to(const ExportOrder& order, const exports::Destination& to,
                                              const http::CancelToken& token) = 0;
  /// The maps that read an exported table back, which call it `file`: JSON.
  virtual Result<std::string> return_maps(const ExportOrder& order, const std::string& file,
                                          const http::CancelToken& token) = 0;
  /// Where a file may be in the making.
  virtual std::filesystem::path scratch() const = 0;
  /// A customer goes (erase/receipt_json.h); and the receipts of those that went.
  virtual Result<std::string> erase(const EraseOrder& order) = 0;
  virtual Result<std::string> erasures() = 0;
  virtual Result<std::string> import(const ImportOrder& order, const http::CancelToken& token) = 0;
  /// Brings what is new in one source, or in all where its name is empty; and how each of them stands.
  virtual Result<std::string> sync(const std::string& source, const http::CancelToken& token) = 0;
  virtual Result<std::string> sources(tongue::Language language, http::Arrival arrival) = 0;
  /// Takes a piece of a Singer tap's stream; the order is JSON (singer/report_json.h).
  virtual Result<std::string> singer(const std::string& order) = 0;
};

}  // namespace vigie::api
