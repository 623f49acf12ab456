#include "formula/comparison.h"

namespace onefold::formula {

bool is_ordering(Operator op) {
    return op != Operator::equal && op != Operator::not_equal;
}

Operator mirrored(Operator op) {
    switch (op) {
    case Operator::less:
        return Operator::greater;
    case Operator::less_equal:
        return Operator::greater_equal;
    case Operator::greater:
        return Operator::less;
    case Operator::greater_equal:
        return Operator::less_equal;
    default:
        return op;
    }
}

} // namespace onefold::formula
