#pragma once
#include "doors/program.h"

namespace vigie::doors {

/// The shipped pencil-and-paper company, imported once for all tests that only ask: examples/atelier.
const std::filesystem::path& atelier();

/// A workspace in `folder`/shop of two small exports:
/// the churn fixture of the handbook (100 contracts at the opening of March 2025, 20 join, 5 of the opening and 3 of
/// the joiners leave), and the sales of two channels: web 100 + 100, shop 50 + 50 in February; web 120, shop 50 + 50 +
/// 50 in March.
void make_shop(const Folder& folder);

}  // namespace vigie::doors
