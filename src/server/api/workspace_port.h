#pragma once
#include <mutex>

#include "server/api/port.h"
#include "workspace/workspace.h"

namespace vigie::api {

/// The port on a real workspace, which must outlive it. No request, all its questions together, takes longer than
/// `longest`.
class WorkspacePort final : public Port {
 public:
  WorkspacePort(workspace::Workspace& workspace, std::string version, std::chrono::milliseconds longest)
      : workspace_(workspace), version_(std::move(version)), longest_(longest) {}

  std::vector<Result<AnswerText>> answers(const std::vector<Fields>& questions,
                                          const http::CancelToken& token) override;
  std::vector<std::string> headline() override;
  Result<std::string> workspace(const http::CancelToken& token) override;
  Result<std::string> catalogue() override;
  std::string handbook(tongue::Language language) override;
  Result<std::string> model(const std::string& name) override;
  Result<std::string> explanation(const Fields& question, const http::CancelToken& token) override;
  Result<std::string> why(const Fields& question, const http::CancelToken& token) override;
  Result<std::string> reconciliation(const Fields& first, const Fields& last, const http::CancelToken& token) override;
  Result<std::string> proposals(const http::CancelToken& token) override;
  std::vector<Error> check(const http::CancelToken& token) override;
  Result<std::string> checks(bool again, tongue::Language language) override;
  Result<std::string> dimension_values(const std::string& dimension, const std::string& typed, int limit,
                                       const http::CancelToken& token) override;
  Result<std::string> quarantine(const Fields& fields, const http::CancelToken& token) override;
  Result<std::string> quarantined_row(const std::string& id) override;
  Result<std::string> change_quarantine(QuarantineVerb verb, const QuarantineOrder& order,
                                        const http::CancelToken& token) override;
  Result<exports::Exported> export_to(const ExportOrder& order, const exports::Destination& to,
                                      const http::CancelToken& token) override;
  Result<std::string> return_maps(const ExportOrder& order, const std::string& file,
                                  const http::CancelToken& token) override;
  std::filesystem::path scratch() const override;
  Result<std::string> erase(const EraseOrder& order) override;
  Result<std::string> erasures() override;
  Result<std::string> import(const ImportOrder& order, const http::CancelToken& token) override;
  Result<std::string> sync(const std::string& source, const http::CancelToken& token) override;
  Result<std::string> sources(tongue::Language language, http::Arrival arrival) override;
  Result<std::string> singer(const std::string& order) override;

 private:
  store::QueryLimits limits_for(const http::CancelToken& token) const;
  store::QueryLimits limits_of_table(const http::CancelToken& token) const;
  Result<exports::Exported> export_answers(const std::vector<Fields>& questions, const exports::Form& form,
                                           const exports::Destination& to, const http::CancelToken& token);

  workspace::Workspace& workspace_;
  const std::string version_;
  const std::chrono::milliseconds longest_;
  std::mutex exporting_{};  ///< held by who exports a table
};

}  // namespace vigie::api
