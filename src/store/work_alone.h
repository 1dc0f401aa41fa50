#pragma once
#include "base/result.h"

namespace vigie::store {

class Database;

/// What starts from now on runs on the thread that asks for it alone: of few rows another finds nothing to do, and
/// still costs its time. Or on as many as the database was opened for. May wait for what others of its threads are at.
Result<> work_alone(Database& database, bool alone);

}  // namespace vigie::store
