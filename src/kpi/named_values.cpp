#include "kpi/named_values.h"

#include "base/text.h"
#include "catalog/kpi_name.h"
#include "expr/parse.h"
#include "kpi/bound_question.h"
#include "kpi/filled.h"
#include "kpi/question_scope.h"
#include "plan/called.h"

namespace vigie::kpi {
namespace {

using expr::Syntax;
using Literals = std::map<std::string, std::set<std::string>>;

/// The name of a column as a question may split by it; empty where this is none.
std::string name_in(const Syntax& syntax) {
  if (syntax.kind == Syntax::Kind::name || syntax.kind == Syntax::Kind::quoted) return syntax.text;
  const bool current = syntax.kind == Syntax::Kind::function && lower_ascii(syntax.text) == "current";
  return current && syntax.args.size() == 1 ? fmt::format("{}{}", expr::kCurrent, name_in(syntax.args[0])) : "";
}

/// Adds the texts that a filter compares each column with: channel = 'paid', channel in ('paid', 'web').
void collect(const Syntax& syntax, Literals& out) {
  using expr::Op;
  for (const Syntax& arg : syntax.args) collect(arg, out);
  if (syntax.kind != Syntax::Kind::operation || (syntax.op != Op::eq && syntax.op != Op::ne && syntax.op != Op::in))
    return;
  for (const Syntax& column : syntax.args) {
    const std::string name = name_in(column);
    if (name.empty()) continue;
    for (const Syntax& value : syntax.args)
      if (const auto* text = std::get_if<std::string>(&value.value); text && value.kind == Syntax::Kind::value)
        out[name].insert(*text);
  }
}

/// The question over all of its range, split by that alone.
plan::Question split_by(plan::Question question, const std::string& name) {
  question.where.clear();
  question.by = {name};
  question.grain = calendar::Grain::total;
  question.compare.clear();
  question.top.reset();
  return question;
}

std::string written(const std::string& name) {
  const auto inside = current_of(name);
  return inside ? fmt::format("current({})", *inside) : name;
}

constexpr std::size_t kLongestSought = 128;  // bytes; what is longer is no name, and dear to compare

/// As far as a sentence has room for it.
std::string shown(std::string_view value) {
  if (value.size() <= kLongestSought) return std::string(value);
  std::size_t end = kLongestSought;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U) --end;  // no half of a letter
  return std::string(value.substr(0, end)) + "…";
}

}  // namespace

Result<> NamedValues::add_warnings(const plan::Question& question, Beside& beside, Answer& answer) {
  if (question.where.empty()) return {};
  VIGIE_TRY(const Syntax filter, expr::parse(expr::Source(question.where, {"", 1, 1})));
  Literals compared;
  collect(filter, compared);
  if (compared.empty()) return {};
  VIGIE_TRY(const bool looked, beside.attempt([&] { return warn(question, compared, answer); }));
  if (looked) return {};
  const auto sentence = session_.catalog.warning("values_not_looked_for", 1);
  answer.warnings.push_back({"values_not_looked_for", sentence, 1});
  return {};
}

Result<> NamedValues::warn(const plan::Question& question, std::map<std::string, Values>& compared, Answer& answer) {
  constexpr std::size_t kToldOne = 5;  // by one; who sends a list of hundreds reads no hundreds of sentences
  std::size_t told = 0;
  std::int64_t further = 0;
  for (auto& [name, values] : compared) {
    VIGIE_TRY(values, composed(std::move(values)));
    VIGIE_CHECK(seek(question, name, values));
    for (const std::string& value : values) {
      if (++told > kToldOne) {
        ++further;
        continue;
      }
      VIGIE_TRY(const std::string near, nearest(name, value));
      const auto sentence = session_.catalog.warning(near.empty() ? "value_of_no_row" : "value_of_no_row_near", 1);
      const Text said = filled(
          sentence, {{"dimension", in_both(written(name))}, {"value", in_both(shown(value))}, {"near", in_both(near)}});
      answer.warnings.push_back({"value_of_no_row", said, 1});
    }
  }
  if (further == 0) return {};
  const auto sentence = session_.catalog.warning("values_of_no_row", further);
  answer.warnings.push_back({"values_of_no_row", sentence, further});
  return {};
}

Result<NamedValues::Values> NamedValues::composed(Values values) const {
  const auto is_plain = [](const std::string& value) {
    return std::ranges::all_of(value, [](unsigned char c) { return c < 0x80U; });
  };
  if (std::ranges::all_of(values, is_plain)) return values;
  std::vector<std::vector<expr::Literal>> rows;
  for (const std::string& value : values) rows.push_back({value});
  VIGIE_TRY(const store::ResultSet found,
            session_.engine.query(store::values({{"value", expr::Type::text}}, std::move(rows)), limits_));
  Values out;
  for (std::size_t row = 0; row < found.rows(); ++row) out.insert(found.text(row, 0));
  return out;
}

Result<std::string> NamedValues::nearest(const std::string& name, const std::string& value) {
  if (value.size() > kLongestSought) return std::string();
  VIGIE_CHECK(list(name));
  Seen& seen = seen_[name];
  const auto [known, is_new] = seen.nearest.try_emplace(value);
  if (is_new) known->second = nearest_name(value, *seen.all);
  return known->second;
}

Result<> NamedValues::seek(const plan::Question& question, const std::string& name, Values& open) {
  const Seen& seen = seen_[name];
  std::erase_if(open, [&](const std::string& value) { return seen.there.contains(value); });
  VIGIE_CHECK(seek_counted(name, open));
  return open.empty() ? Result<>() : seek_own(question, name, open);
}

Result<> NamedValues::seek_counted(const std::string& name, Values& open) {
  Seen& seen = seen_[name];
  Values rest;
  std::ranges::set_difference(open, seen.sought, std::inserter(rest, rest.end()));
  for (const char* relation : kCounted) {
    if (rest.empty()) break;
    VIGIE_TRY(const auto rows, rows_with(session_, *session_.model.relation(relation), name));
    if (rows) VIGIE_CHECK(seek_among(*rows, seen, rest));
  }
  seen.sought.insert(rest.begin(), rest.end());
  std::erase_if(open, [&](const std::string& value) { return seen.there.contains(value); });
  return {};
}

Result<> NamedValues::seek_own(plan::Question question, const std::string& name, Values& open) {
  question = split_by(std::move(question), name);
  VIGIE_TRY(BoundQuestion bound, bind_question(session_, question));
  const plan::Span span = plan::period_at(session_.calendar, bound.range, bound.bound.as_of).span;
  const catalog::Definition& definition = *bound.bound.definition;
  const std::vector<std::string> names = names_of(*bound.bound.variant);
  const Evaluation evaluation(session_, question, std::move(bound.bound));
  std::set<std::string> looked;
  for (const std::string& one : names) {
    if (open.empty()) return {};
    if (const auto named = catalog::kpi_named(one)) {
      plan::Question other = question;
      other.kpi = named->kpi;
      other.variant = named->variant;
      other.version.reset();
      other.params.clear();
      VIGIE_CHECK(seek_own(std::move(other), name, open));
      continue;
    }
    const catalog::Measure& measure = definition.measures.at(one);
    if (measure.ignores_splits || !looked.insert(measure.relation).second) continue;
    const auto spec = evaluation.measure_spec(one, {}, {span}, {}, plan::RelationContext::Rows::listed);
    if (!spec && spec.error().code == "split.unknown") continue;
    if (!spec) return std::unexpected(spec.error());
    // Populations that stand apart are an axis, not a split.
    const auto& columns = spec->splits.empty() ? spec->axes : spec->splits;
    if (columns.empty()) continue;
    const NamedRows rows{spec->rel, columns.front()};
    const model::Relation& relation = *session_.model.relation(measure.relation);
    VIGIE_CHECK(seek_key(relation, columns.front(), name, open));
    VIGIE_CHECK(seek_among(rows, seen_[name], open));
    if (!open.empty()) seen_[name].own.push_back(rows);
    VIGIE_CHECK(seek_table(relation, columns.front(), name, open));
  }
  return {};
}

Result<> NamedValues::seek_key(const model::Relation& relation, const std::string& column, const std::string& name,
                               Values& open) {
  const std::string key = plan::key_column_of(column);
  if (key.empty() || open.empty()) return {};
  const store::RelPtr keys = store::key_scan(plan::table_behind(session_.model, relation, key));
  return seek_among({keys, std::string(plan::kSourceKey)}, seen_[name], open);
}

Result<> NamedValues::seek_table(const model::Relation& relation, std::string column, const std::string& name,
                                 Values& open) {
  if (const auto current = current_of(column)) column = std::string(*current);
  std::string table = relation.name;
  if (const auto dot = column.find('.'); dot != std::string::npos) {
    const auto reach = std::ranges::find(relation.columns, column.substr(0, dot), &model::RelationColumn::path);
    if (reach == relation.columns.end()) return {};
    table = reach->references;
    column = column.substr(dot + 1);
    if (column == plan::kCalled) column = "name";
  }
  const model::Table* behind = session_.model.table(table);
  if (!behind || open.empty()) return {};
  Seen& seen = seen_[name];
  // What a column may hold is no misspelling where no row holds it yet.
  const model::Column* known = behind->find(column);
  if (!known) known = behind->find_derived(column);
  if (known && !known->values.empty()) {
    for (const std::string& value : known->values) open.erase(value);
    seen.declared = known->values;
    return {};
  }
  VIGIE_TRY(const auto rows, rows_with(session_, *session_.model.relation(table), column));
  if (!rows) return {};
  VIGIE_CHECK(seek_among(*rows, seen, open));
  if (!open.empty()) seen.own.push_back(*rows);
  return {};
}

Result<> NamedValues::seek_among(const NamedRows& named, Seen& seen, Values& open) {
  const expr::Expr value = store::col(named.rows, named.column);
  if (value->type != expr::Type::text || open.empty()) return {};
  std::vector<expr::Expr> args{value};
  for (const std::string& one : open) args.push_back(expr::text(one));
  const store::RelPtr rows = store::filter(named.rows, expr::call(expr::Op::in, expr::Type::boolean, std::move(args)));
  VIGIE_TRY(const store::ResultSet found,
            session_.engine.query(store::aggregate(rows, {{"value", store::col(rows, named.column)}},
                                                   {{"rows", store::AggregateFn::count, nullptr, nullptr}}),
                                  limits_));
  for (std::size_t row = 0; row < found.rows(); ++row) {
    open.erase(found.text(row, 0));
    seen.there.insert(found.text(row, 0));
  }
  return {};
}

Result<> NamedValues::list(const std::string& name) {
  Seen& seen = seen_[name];
  if (seen.all) return {};
  std::vector<std::string> out = seen.declared;
  for (const char* relation : kCounted) {
    if (!seen.declared.empty()) break;
    VIGIE_TRY(const auto rows, rows_with(session_, *session_.model.relation(relation), name));
    if (rows) VIGIE_CHECK(add_listed(*rows, out));
  }
  const bool by_own = out.empty();
  for (const NamedRows& rows : seen.own)
    if (by_own) VIGIE_CHECK(add_listed(rows, out));
  seen.all = std::move(out);
  return {};
}

Result<> NamedValues::add_listed(const NamedRows& named, std::vector<std::string>& out) {
  constexpr std::int64_t kMostValues = 10'000;  // more are no names that somebody types
  const expr::Expr value = store::col(named.rows, named.column);
  if (value->type != expr::Type::text) return {};
  const store::RelPtr rows = store::filter(named.rows, expr::is_not_null(value));
  const store::RelPtr counts = store::aggregate(rows, {{"value", store::col(rows, named.column)}},
                                                {{"rows", store::AggregateFn::count, nullptr, nullptr}});
  VIGIE_TRY(const store::ResultSet found,
            session_.engine.query(store::limit(counts, {{"rows", true}, {"value", false}}, kMostValues), limits_));
  for (std::size_t row = 0; row < found.rows(); ++row) out.push_back(found.text(row, 0));
  return {};
}

}  // namespace vigie::kpi
