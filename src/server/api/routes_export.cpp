// Files of answers and tables. Each is made whole before the first byte is sent: who has the status has the file.
#include "base/text.h"
#include "exports/out_file.h"
#include "server/api/routes_call.h"
#include "server/http/problem.h"

namespace vigie::api {

using http::Response;

namespace {

/// What a browser calls the file. Names are ours or checked, but a header takes no quote.
std::string file_name(const ExportOrder& order) {
  std::string name = order.what == ExportOrder::What::board ? "board" : order.name;
  for (char& c : name)
    if (!is_digit(c) && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '_' && c != '-') c = '-';
  return fmt::format("{}.{}", name, exports::name_of(order.form.format));
}

}  // namespace

Response Routes::exported(ExportOrder order, const Call& call) const {
  auto form = exports::take_form(order.fields, "", http::language_of(call.request));
  if (!form) return http::problem(form.error(), call.request);
  order.form = *form;
  const std::filesystem::path scratch = port_.scratch();
  auto file = exports::OutFile::nameless(scratch);
  if (!file) return http::problem(file.error(), call.request);
  const auto done = port_.export_to(order, {file->descriptor(), file->path(), file_name(order), scratch}, call.token);
  if (!done) return http::problem(done.error(), call.request);
  const auto size = file->size();
  if (!size) return http::problem(size.error(), call.request);
  Response response;
  response.headers = {{"Content-Type", std::string(exports::content_type(order.form.format))},
                      {"Content-Disposition", fmt::format("attachment; filename=\"{}\"", file_name(order))},
                      {"Cache-Control", "no-store"},
                      {"Vigie-Rows", std::to_string(done->rows)}};
  for (const std::string& note : done->notes) response.headers.push_back({"Vigie-Note", note});
  response.file = std::make_shared<const http::SentFile>(file->release(), static_cast<std::uint64_t>(*size));
  return response;
}

Response Routes::export_kpi(const Call& call) const {
  auto fields = kpi_fields(call.request, call.name);
  if (!fields) return http::problem(fields.error(), call.request);
  return exported({ExportOrder::What::kpi, call.name, std::move(*fields)}, call);
}

Response Routes::export_board(const Call& call) const {
  return exported({ExportOrder::What::board, "", fields_of(call.request)}, call);
}

Response Routes::export_table(const Call& call) const {
  return exported({ExportOrder::What::table, call.name, fields_of(call.request)}, call);
}

Response Routes::export_maps(const Call& call) const {
  ExportOrder order{ExportOrder::What::table, call.name, fields_of(call.request)};
  auto form = exports::take_form(order.fields, "", http::language_of(call.request));
  if (!form) return http::problem(form.error(), call.request);
  order.form = *form;
  std::string file = fmt::format("{}.{}", call.name, exports::name_of(form->format));
  for (const auto& [name, value] : order.fields)
    if (name == "file") file = value;
  std::erase_if(order.fields, [](const auto& field) { return field.first == "file"; });
  auto maps = port_.return_maps(order, file, call.token);
  if (!maps) return http::problem(maps.error(), call.request);
  Response response = Response::json(200, std::move(*maps));
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

}  // namespace vigie::api
