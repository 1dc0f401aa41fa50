#include "exports/table_export.h"

#include "store/stream.h"
#include "tongue/french.h"

namespace vigie::exports {
namespace {

/// To sort more takes memory and disk that rows which only pass through do not.
constexpr std::int64_t kMostSortedRows = 1'048'575;

/// What is known of the rows before the first is written.
struct Facts {
  std::int64_t rows = 0, deleted = 0;
};

/// Of the query's columns those stay that some row needs.
Result<Facts> look(TableSource& data, TableQuery& query, const store::QueryLimits& limits) {
  VIGIE_TRY(const store::ResultSet found, data.state.query(query.facts_sql(), limits));
  std::vector<bool> needs;
  for (std::size_t i = 2; i < found.columns().size(); ++i) needs.push_back(found.boolean(0, i));
  query.keep(needs);
  return Facts{found.int64(0, 0), found.int64(0, 1)};
}

Cell cell_of(const TableColumn& column, const store::ResultSet& rows, std::size_t row, std::size_t at) {
  if (rows.is_null(row, at)) return {};
  switch (column.column.kind) {
    case Kind::boolean: return rows.boolean(row, at);
    case Kind::integer: return rows.int64(row, at);
    case Kind::number: return rows.real(row, at);
    case Kind::exact: return rows.decimal(row, at);
    case Kind::date: return Date{static_cast<std::int32_t>(rows.int64(row, at))};
    case Kind::text: return rows.text(row, at);
    case Kind::moment: break;
  }
  Moment out{Instant{rows.int64(row, at)}};
  if (column.bare && !rows.is_null(row, at + 1)) out.bare = Date{static_cast<std::int32_t>(rows.int64(row, at + 1))};
  return out;
}

/// Rows as the engine gives them, into the writer one by one.
Result<> write_rows(TableSource& data, const TableQuery& query, Writer& writer, const store::QueryLimits& limits) {
  std::size_t currency = query.columns().size();
  for (std::size_t i = 0; i < query.columns().size(); ++i)
    if (query.columns()[i].column.name == "currency") currency = i;
  Row out;
  return store::stream(data.database, data.state.connection(), query.raw_sql(), limits,
                       [&](const store::ResultSet& rows) -> Result<> {
                         for (std::size_t row = 0; row < rows.rows(); ++row) {
                           out.cells.clear();
                           std::size_t at = 0;
                           for (const TableColumn& column : query.columns()) {
                             out.cells.push_back(cell_of(column, rows, row, at));
                             at += column.bare ? 2 : 1;
                           }
                           out.currency.clear();
                           if (currency < out.cells.size())
                             if (const auto* code = std::get_if<std::string>(&out.cells[currency]))
                               out.currency = *code;
                           VIGIE_CHECK(writer.row(out));
                         }
                         return {};
                       });
}

About about_table(const TableQuery& query, const TableStanding& standing, const TableOrder& order, const Facts& facts,
                  const Form& form) {
  const bool french = form.language == tongue::Language::fr;
  const auto in = [&](const Text& text) { return french ? text.fr : text.en; };
  const model::Table& table = query.table();
  About out;
  out.add({"Company", "Entreprise"}, standing.company);
  out.add({"Table", "Table"}, fmt::format("{} ({})", in(table.label), table.name));
  out.add({"One row is", "Une ligne est"}, in(table.grain));
  out.add({"Rows", "Lignes"}, facts.rows);
  out.add({"Of them deleted at their source", "Dont supprimées à leur source"}, facts.deleted);
  out.add({"Filter", "Filtre"}, order.where.empty() ? in({"none", "aucun"}) : order.where);
  out.add({"Exported", "Exporté le"}, Moment{standing.now});
  out.add({"Times are those of", "Les heures sont celles de"}, standing.zone->name());
  out.add({"Mind", "Attention"},
          in({"Rows of people are personal data: keep the file as such, and no longer than needed.",
              "Les lignes de personnes sont des données personnelles : gardez le fichier comme "
              "telles, et pas plus longtemps qu'il ne faut."}));
  out.heading({"Sources", "Sources"});
  for (const auto& one : standing.facts.coverage)
    if (one.table == table.name) {
      std::string said =
          one.first && one.last ? fmt::format("{} – {}", to_string(*one.first), to_string(*one.last)) : "";
      if (one.complete_until)
        said += fmt::format(" ({} {})", in({"complete up to", "complète jusqu'à"}), to_string(*one.complete_until));
      out.add({one.source, one.source}, said);
    }
  out.heading({"Columns", "Colonnes"});
  for (const TableColumn& column : query.columns())
    if (const model::Column* const meant = table.find(column.column.name))
      out.add({in(meant->label), in(meant->label)}, fmt::format("{}: {}", meant->name, in(meant->meaning)));
  return out;
}

}  // namespace

Result<Exported> export_table(TableSource& data, const TableStanding& standing, const TableOrder& order,
                              const Form& form, const Destination& to, const store::QueryLimits& limits) {
  VIGIE_TRY(TableQuery query,
            TableQuery::make(standing.model, standing.facts.attributes, standing.currency, order, form.format));
  VIGIE_TRY(const Facts facts, look(data, query, limits));
  if (facts.rows <= kMostSortedRows) query.sort();
  Exported out{facts.rows};
  if (facts.deleted > 0)
    out.notes.push_back(
        fmt::format("rows that were deleted at their source, as their column deleted_at says: {}", facts.deleted));
  if (form.format == Format::parquet) {
    const auto done =
        store::execute(data.database, data.state.connection(),
                       fmt::format("COPY ({}) TO {} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)",
                                   query.typed_sql(), store::quote_text(to.path)),
                       limits);
    if (!done) return std::unexpected(of_file(done.error(), to.shown_as));
    return out;
  }
  if (form.format == Format::xlsx && facts.rows > kMostSheetRows) return std::unexpected(too_many_rows(facts.rows));
  const auto writer = writer_of(form, to, standing.zone);
  std::vector<Column> columns;
  for (const TableColumn& one : query.columns()) columns.push_back(one.column);
  VIGIE_CHECK(writer->begin(columns));
  VIGIE_CHECK(write_rows(data, query, *writer, limits));
  VIGIE_CHECK(writer->end(about_table(query, standing, order, facts, form)));
  for (std::string& note : writer->notes()) out.notes.push_back(std::move(note));
  return out;
}

}  // namespace vigie::exports
