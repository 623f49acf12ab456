#pragma once
// A record out of JSON, with the shape that it shows: for the command line, previews and tests.
//
// Numbers are numbers, also texts that are exactly how one is written ("100.50", but not "007"); ISO dates and times in
// texts are dates and times, without an offset in the zone. All of these are still texts where text is wanted. An
// object is a record, an array of objects are records, another array is a list, null is blank.
#include "core/result.h"
#include "core/time.h"
#include "formula/run.h"
#include "formula/type.h"

#include <boost/json.hpp>
#include <memory>

namespace onefold::formula {

class Sample {
  public:
    // formula.bad_record: what is no object, or a field that holds values of different kinds.
    static Result<Sample> read(const boost::json::value& json, const Zone& zone);
    Sample(Sample&&) noexcept;
    ~Sample();

    const Shape& shape() const;
    const Record& record() const;

  private:
    struct Content;
    explicit Sample(std::unique_ptr<Content> content);
    std::unique_ptr<Content> content_;
};

} // namespace onefold::formula
