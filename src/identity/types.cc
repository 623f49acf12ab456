#include "identity/types.h"

#include <array>
#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <mutex>

namespace onefold::identity {
namespace {

// Of things that many hold, 20 records or ten different strong values are nobody's own any more: a family of four with
// a duplicate or two stays below, the number of a switchboard does not.
constexpr FrequencyLimits of_person{9, 19};
constexpr FrequencyLimits of_organisation{20, 50};
constexpr FrequencyLimits of_strong{0, 200};
constexpr FrequencyLimits of_device{20, 200};

struct InForce {
    std::vector<const IdentifierType*> types;
    boost::unordered_flat_map<std::string_view, const IdentifierType*> by_code;
};

// Everything that ever was in force.
class Registry {
  public:
    Registry() {
        auto first = std::make_unique<InForce>();
        for (const IdentifierType& type : built_in_types())
            add(*first, &type);
        publish(std::move(first));
    }
    const InForce& now() const { return *now_.load(std::memory_order_acquire); }

    void install(const std::vector<IdentifierType>& types) {
        const std::lock_guard lock(mutex_);
        auto next = std::make_unique<InForce>();
        for (const IdentifierType& type : types) {
            IdentifierType& kept = types_.emplace_back(type);
            kept.code = codes_.emplace_back(type.code);
            add(*next, &kept);
        }
        publish(std::move(next));
    }

  private:
    static void add(InForce& to, const IdentifierType* type) {
        to.types.push_back(type);
        to.by_code.emplace(type->code, type);
    }
    void publish(std::unique_ptr<InForce> next) {
        all_.push_back(std::move(next));
        now_.store(all_.back().get(), std::memory_order_release);
    }

    std::mutex mutex_;
    std::deque<std::string> codes_;
    std::deque<IdentifierType> types_;
    std::deque<std::unique_ptr<const InForce>> all_;
    std::atomic<const InForce*> now_;
};

Registry& registry() {
    static Registry all;
    return all;
}

} // namespace

std::span<const IdentifierType> built_in_types() {
    using enum Strength;
    using enum Joins;
    static const std::array<IdentifierType, 14> types{{
        {"user_id", {"User ID", "用户 ID"}, strong, either, false, false, of_strong},
        {"anonymous_id", {"Anonymous ID", "匿名 ID"}, weak, persons, false, false, of_device},
        {"member_no", {"Member number", "会员号"}, strong, either, true, false, of_strong},
        {"phone", {"Phone", "手机号"}, joining, persons, false, false, of_person},
        {"email", {"E-mail", "邮箱"}, joining, persons, false, false, of_person},
        {"unionid", {"WeChat UnionID", "微信 UnionID"}, strong, persons, false, false, of_strong},
        {"openid", {"WeChat OpenID", "微信 OpenID"}, strong, persons, true, false, of_strong},
        {"external_userid", {"WeCom external contact", "企业微信外部联系人"}, strong, persons, true, false, of_strong},
        {"credit_code", {"Unified social credit code", "统一社会信用代码"}, strong, organisations, false, false,
            of_strong},
        {"id_card", {"Identity card", "身份证号"}, strong, persons, false, true, of_strong, true},
        {"device", {"Device", "设备"}, weak, persons, false, false, of_device},
        {"web_domain", {"Web domain", "网站域名"}, joining, organisations, false, false, of_organisation},
        {"group_id", {"Group ID", "组织 ID"}, strong, organisations, false, false, of_strong},
        {"organisation_name", {"Company name in its source", "来源内的组织名称"}, weak, organisations, true, false,
            of_organisation},
    }};
    return types;
}

void install_types(const std::vector<IdentifierType>& types) {
    registry().install(types);
}

std::span<const IdentifierType* const> identifier_types() {
    return registry().now().types;
}

const IdentifierType* find_identifier_type(std::string_view code) {
    const auto& by_code = registry().now().by_code;
    const auto found = by_code.find(code);
    return found == by_code.end() ? nullptr : found->second;
}

} // namespace onefold::identity
