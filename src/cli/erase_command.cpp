#include "cli/erase_command.h"

namespace vigie::cli {

std::string EraseCommand::help() {
  return either("a person goes, and no figure changes: customer, list",
                "une personne part, et aucun chiffre ne change : customer, list");
}

void EraseCommand::add_to(CLI::App& command, Finish finish) {
  finish_ = std::move(finish);
  command.require_subcommand(1);
  CLI::App* customer = command.add_subcommand(
      "customer", either("erase what is personal of a customer (GDPR, article 17); tells first, then asks",
                         "effacer ce qui est personnel d'un client (RGPD, article 17) ; montre d'abord, puis demande"));
  add_workspace(*customer, options_.workspace);
  customer
      ->add_option("ID", options_.id,
                   either("the customer, as its source calls it", "le client, tel que sa source l'appelle"))
      ->required();
  refuse_empty(customer->add_option(
      "--source", options_.source,
      either("the source, where several have that id", "la source, si plusieurs ont cet identifiant")));
  customer->add_flag("--dry-run", options_.dry_run,
                     either("tell what would go; nothing is changed", "dire ce qui partirait ; rien n'est changé"));
  customer->add_flag("--yes", options_.yes, either("do not ask", "ne pas demander"));
  refuse_empty(customer->add_option(
      "--who", options_.who,
      either("who says so; default: who runs the command", "qui le dit ; par défaut qui lance la commande")));
  add_format(*customer, format_, {"table", "json"});
  customer->callback([this] { run(run_erase_customer); });
  CLI::App* list =
      command.add_subcommand("list", either("the receipts of those that went", "les reçus de celles qui sont parties"));
  add_workspace(*list, options_.workspace);
  add_format(*list, format_, {"table", "json"});
  list->callback([this] { run(run_erase_list); });
}

}  // namespace vigie::cli
