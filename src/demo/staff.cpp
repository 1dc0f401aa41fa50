#include <cmath>
#include <set>

#include "base/text.h"
#include "demo/arithmetic.h"
#include "demo/names.h"
#include "demo/world.h"

namespace vigie::demo {
namespace {

constexpr double kStaffExponent = 0.85;  // people grow a little slower than customers
constexpr double kMeanStayYears = 5;

struct Post {
  std::string_view role, team, function;
  double monthly_euros;
  bool contractor, kept;  ///< kept: whoever holds it stays
};

int grown(double at_reference, double scale, int least) {
  return std::max(least, static_cast<int>(std::floor(at_reference * portable::power(scale, kStaffExponent) + 0.5)));
}

std::string new_address(std::set<std::string>& taken, const std::string& name) {
  for (int n = 1;; ++n) {
    std::string email = n == 1 ? fmt::format("{}@atelier-nord.example", address_of(name))
                               : fmt::format("{}{}@atelier-nord.example", address_of(name), n);
    if (taken.insert(email).second) return email;
  }
}

/// Whoever holds a post from `from` to the end of the data: one person, or one after the other.
void fill(World& world, std::set<std::string>& taken, const Post& post, Date from, Random& random) {
  for (Date since = from; since < world.time.end;) {
    Person person;
    person.name = a_person(random, "FR");
    person.email = new_address(taken, person.name);
    person.role = post.role;
    person.team = post.team;
    person.function = post.function;
    person.contractor = post.contractor;
    person.from = since;
    person.fte = random.chance(0.12) && !post.kept ? 0.8 : 1.0;
    person.monthly_cost =
        static_cast<std::int64_t>(std::floor(post.monthly_euros * (0.9 + 0.25 * random.uniform()))) * 100;
    person.skill = world.truth.rep_sigma * random.normal();
    const Date leaves =
        std::max(since, world.time.first) + 60 + static_cast<int>(random.exponential(kMeanStayYears * 365));
    if (!post.kept && leaves < world.time.end) person.to = leaves;
    world.people.push_back(person);
    if (!person.to) return;
    since = leaves + 20 + random.below(60);
  }
}

/// When the n-th of `count` posts was made: `first_ones` before the data begin, the others evenly over the time.
Date opened(const World& world, int n, int count, int first_ones, Random& random) {
  if (n < first_ones) return world.time.first - 120 - random.below(1'500);
  const int later = count - first_ones;
  return world.time.first + (n - first_ones) * world.time.days() / std::max(later, 1) + random.below(40);
}

void add_posts(World& world, std::set<std::string>& taken, const std::vector<Post>& kinds, int count,
               double share_at_start, Random& random) {
  const int first_ones = std::max(
      static_cast<int>(kinds.size() < static_cast<std::size_t>(count) ? kinds.size() : static_cast<std::size_t>(count)),
      static_cast<int>(count * share_at_start));
  for (int n = 0; n < count; ++n) {
    Post post = kinds[static_cast<std::size_t>(n) % kinds.size()];
    post.kept = post.kept && n < static_cast<int>(kinds.size());
    fill(world, taken, post, opened(world, n, count, first_ones, random), random);
  }
}

}  // namespace

void add_staff(World& world) {
  Random random = world.random("staff");
  std::set<std::string> taken;
  world.teams = {{"NORD", "Nord et Belgique", "", "Nord"},
                 {"OUEST", "Île-de-France et Ouest", "", "Ouest"},
                 {"SUD", "Sud et Suisse", "", "Sud"},
                 {"GC", "Grands comptes", "", "National"},
                 {"MKT", "Marketing", "", ""},
                 {"ATELIER", "Atelier et logistique", "", ""},
                 {"SIEGE", "Siège", "", ""}};
  const std::vector<Post> managers{{"Directrice commerciale", "GC", "sales", 7'200, false, true},
                                   {"Responsable marketing", "MKT", "marketing", 6'100, false, true}};
  const std::vector<Post> reps{{"Commercial", "NORD", "sales", 4'700, false, true},
                               {"Commerciale", "OUEST", "sales", 4'800, false, true},
                               {"Commercial", "SUD", "sales", 4'700, false, true},
                               {"Commerciale grands comptes", "GC", "sales", 5'600, false, true}};
  const std::vector<Post> marketing{{"Chargée d'acquisition", "MKT", "marketing", 4'300, false, false},
                                    {"Rédacteur", "MKT", "marketing", 3'900, false, false}};
  const std::vector<Post> others{{"Menuisier", "ATELIER", "other", 3'400, false, false},
                                 {"Préparatrice de commandes", "ATELIER", "other", 2'900, false, false},
                                 {"Comptable", "SIEGE", "other", 3'800, false, false},
                                 {"Tapissière", "ATELIER", "other", 3'300, false, false},
                                 {"Service client", "SIEGE", "other", 3'000, false, false},
                                 {"Technicien de pose", "ATELIER", "other", 3'300, false, false}};
  const std::vector<Post> contractors{{"Développeuse (indépendante)", "SIEGE", "other", 5'500, true, false},
                                      {"Photographe (indépendant)", "MKT", "marketing", 2'400, true, false}};
  add_posts(world, taken, managers, 2, 1, random);
  const double scale = world.truth.scale;
  add_posts(world, taken, reps, grown(10, scale, 4), 0.45, random);
  add_posts(world, taken, marketing, grown(4, scale, 1), 0.5, random);
  add_posts(world, taken, others, grown(44, scale, 6), 0.5, random);
  add_posts(world, taken, contractors, grown(3, scale, 1), 0.5, random);
  for (Person& person : world.people)
    if (person.email != world.people[0].email)
      person.manager = person.function == "marketing" && person.email != world.people[1].email ? world.people[1].email
                                                                                               : world.people[0].email;
  for (Team& team : world.teams) team.manager = team.key == "MKT" ? world.people[1].email : world.people[0].email;
}

}  // namespace vigie::demo
