#pragma once
// Which files of a folder are meant, and which of them are whole. Pure.
#include "fetch/place.h"

#include <map>

namespace onefold::fetch {

// * and ? over whole names, letters of both cases alike.
bool matches(std::string_view name, std::string_view pattern);
// Names under which programs write what is not whole yet, and hidden ones: ".a", "~$a.xlsx", "a.part", "a.tmp", …
bool is_passed_over(std::string_view name);

// What earlier looks saw of one source's files.
class Sights {
  public:
    using Moment = std::chrono::steady_clock::time_point;
    // Whether it was the same `steady` ago, and in every look since.
    bool is_steady(const Seen& seen, Moment now, std::chrono::seconds steady);
    // Forgets those that are not among them.
    void keep_only(const std::vector<Seen>& files);

  private:
    struct Sight {
        Seen seen;
        Moment since;
    };
    std::map<std::string, Sight> sights_;
};

} // namespace onefold::fetch
