#pragma once
// A checked tree as something that runs: small nodes over resolved slots. One program serves any number of threads,
// each with a Run of its own; it holds no part of the tree that it was made from.
#include "formula/check.h"
#include "formula/run.h"

#include <memory>

namespace onefold::formula {

class Node {
  public:
    virtual ~Node() = default;
    virtual Value value(Run& run) const = 0;
};

class Program {
  public:
    // The value of the formula for this record: blank, a value of type(), or an error (value.is_error()). It lives
    // until the run begins again.
    Value evaluate(Run& run, const Record& record) const;
    // What is blank or an error does not hold; `error`, where given, says that there was one.
    bool holds(Run& run, const Record& record, Value* error = nullptr) const;
    Type type() const { return type_; }

  private:
    friend Program compile(const Checked& checked);
    std::shared_ptr<const Node> root_;
    Type type_;
};

Program compile(const Checked& checked);

// An evaluation's error as an Error with its Span.
Error error_of(const Value& value);

} // namespace onefold::formula
