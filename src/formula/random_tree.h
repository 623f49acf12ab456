#pragma once
// Trees by chance, for this room's laws: any that can be written, and those whose types may fit.
#include "formula/function.h"

#include <random>
#include <string>
#include <vector>

namespace onefold::formula {

class RandomTree {
  public:
    explicit RandomTree(unsigned seed) : engine_(seed) {}

    Expression any(int depth) {
        if (depth <= 0 || one_in(5))
            return leaf();
        switch (below(12)) {
        case 0:
            return call(one_in(2) ? Operator::and_ : Operator::or_, several(depth, 1, 4));
        case 1:
            return call(Operator::not_, several(depth, 1, 1));
        case 2:
            return call(Operator(int(Operator::equal) + int(below(6))), several(depth, 2, 2));
        case 3:
            return call(Operator::in, several(depth, 2, 4));
        case 4:
            return call(std::vector{Operator::contains, Operator::ago}[below(2)], several(depth, 2, 2));
        case 5:
            return call(Operator::blank, several(depth, 1, 1));
        case 6:
            return call(std::vector{Operator::add, Operator::multiply, Operator::join}[below(3)], several(depth, 2, 4));
        case 7:
            return call(
                std::vector{Operator::subtract, Operator::divide, Operator::power}[below(3)], several(depth, 2, 2));
        case 8:
            return call(one_in(2) ? Operator::negate : Operator::percent, several(depth, 1, 1));
        case 9:
            return call(Operator::list, several(depth, 0, 3));
        default:
            return function(depth);
        }
    }

    std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_); }
    bool one_in(std::size_t many) { return below(many) == 0; }
    template <class T>
    const T& of(const std::vector<T>& choices) {
        return choices[below(choices.size())];
    }

    Expression leaf() {
        static const std::vector<std::string> names{"a", "金额", "orders", "city", "Total_2", "a b", "in", "TRUE",
            "it's", "[x]", "2nd", "Ünï", "and", "o\"k", "_", "1", "a-b", "'"};
        static const std::vector<std::string> texts{
            "", "a", "\"", "\"\"", "上海", "'", "2026-01-05", "12.5", "“x”", "😀", "\n", "\\"};
        static const std::vector<std::string> numbers{"0", "1", "-1", "0.5", "-0.000000000001",
            "99999999999999999999999999999999999999", "12345678901234567.25", "100", "-30"};
        switch (below(5)) {
        case 0: {
            std::vector<std::string> path;
            do
                path.push_back(of(names));
            while (one_in(3) && path.size() < path_length_max);
            return field(std::move(path));
        }
        case 1:
            return literal(of(texts));
        case 2:
            return literal(*Decimal::parse(of(numbers)));
        case 3:
            return literal(one_in(2));
        default:
            return one_in(3) ? literal(std::monostate{}) : literal(*Decimal::parse(of(numbers)));
        }
    }

  private:
    std::vector<Expression> several(int depth, std::size_t least, std::size_t most) {
        std::vector<Expression> args;
        for (std::size_t count = least + below(most - least + 1); count > 0; --count)
            args.push_back(any(depth - 1));
        return args;
    }
    Expression function(int depth) {
        while (true) {
            const Function& function = functions()[below(functions().size())];
            if (operator_of(function.name))
                continue;
            const std::size_t count = function.params.size();
            return call(function.name, several(depth, one_in(10) ? 0 : std::min<std::size_t>(count, 1), count));
        }
    }

    std::mt19937 engine_;
};

} // namespace onefold::formula
