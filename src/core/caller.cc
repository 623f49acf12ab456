#include "core/caller.h"

namespace onefold {

std::string to_string(const Principal& principal) {
    switch (principal.kind) {
    case Principal::Kind::anonymous:
        return "anonymous";
    case Principal::Kind::user:
        return "user:" + std::to_string(principal.id);
    case Principal::Kind::token:
        return "token:" + std::to_string(principal.id);
    case Principal::Kind::local:
        return "local";
    case Principal::Kind::system:
        return "system";
    }
    return "anonymous";
}

} // namespace onefold
