#pragma once
#include <future>

namespace vigie {

/// How std::async runs what may wait: on a thread of its own, or where none is to be had in get(), by who asks for it.
inline constexpr auto kWhereItCan = std::launch::async | std::launch::deferred;

}  // namespace vigie
