#pragma once
#include "propose/draft.h"

namespace vigie::propose {

/// What texts of a column mean that nobody knows. `blocks`: too few of them are known for the others to be taken.
Question words_question(const std::string& header, const model::Column& column, const std::vector<std::string>& unknown,
                        bool blocks);

/// One matched table becoming a draft; used by draft_of only. draft.cpp holds what every table needs, draft_key.cpp
/// what names a row, draft_derived.cpp what one column of the source tells of a second canonical one.
class Drafting {
 public:
  Drafting(const Material& material, const TableMatch& match)
      : m_(material), match_(match), table_(*match.names->table) {}
  Draft run();

 private:
  DraftColumn& add(DraftColumn column) { return out_.map.columns.emplace_back(std::move(column)); }
  void tell(std::size_t input, const std::string& becomes, Confidence confidence, std::string reason);
  void assigned(const Assigned& one);
  void other_names(const Assigned& one, DraftColumn& out);
  static std::string reason_of(const Assigned& one, const ColumnSketch& column);
  std::optional<std::size_t> input_of(std::string_view target) const;
  /// The columns that name one row: the key by its name where it is one, else the first few that do so together.
  void key();
  bool repeated_orders(const Assigned& named);
  void add_key(const std::vector<std::size_t>& inputs, std::string reason);
  /// "LEADID" of a list of deals that has no number of its own: it names one row all the same. In a short list that may
  /// be so by accident.
  std::optional<std::size_t> unique_reference() const;
  std::optional<std::size_t> name_as_key() const;
  void part_people_from_companies(std::size_t key);
  bool may_be_part(std::size_t input) const;
  /// Columns that are parts of a key by their nature: numbers of things, dates, channels. Never amounts.
  std::vector<std::size_t> unique_together() const;
  /// What one column of the source tells of a second canonical column.
  void derived();
  void again(std::size_t input, const std::string& target, std::string why);
  void words_of(std::string_view from, const std::string& target);
  /// Where no status tells it, a column "Converted" with yes and no does.
  void lead();
  void lead_by_yes_or_no();
  void lead_without_days();
  /// A campaign with a first and a last day is spent between them.
  void spend();
  /// "Tasks.csv", "EVENTID": what all rows are.
  void activity();
  /// The outcome of a deal stands in its stage where no column has it; and the close date of an open deal is a
  /// forecast.
  void deal();
  /// A date of winning tells the outcome where no column does.
  void won_by_date();
  /// A mark of a scale to 10 with a nought in it is that of a recommendation; one to 5 is not.
  void survey();
  void constants();
  /// What rows cannot do without, and the file does not have.
  void missing();
  std::string names_looked_for(const model::Column& column) const;
  std::vector<std::string> near_to(const model::Column& column) const;
  /// Columns that map to nothing: a split where they have few texts, else left out, and said so.
  void rest();
  std::string money_of_another_table(std::size_t input) const;
  static std::string left_out_because(const ColumnSketch& column, const Written& how);
  std::string taken_by_another(const ColumnSketch& column) const;
  /// Two columns of one name that say different things: nobody can tell which is meant.
  void ask_which_of_one_name();
  /// Keys whose last digits a spreadsheet has dropped: two of them may have become one.
  void ask_for_whole_keys();
  void tell_no_amount();
  void tell_negative_amounts();
  void tell_who_works_here();
  void misread();
  void ask_words(const ColumnSketch& values, const model::Column& column);
  void ask_values(const Misread& one, const model::Column& column);
  void tell_gross_alone();

  const Material& m_;
  const TableMatch& match_;
  const model::Table& table_;
  Draft out_;
};

}  // namespace vigie::propose
