#pragma once
// What people may set. Pure, but for the check of a folder.
#include "fetch/place.h"

namespace onefold::fetch {

// fetch.bad_settings, each with its field. A file is not asked for before there is where to ask.
Result<Settings> edited(const Settings& before, const SettingsEdit& edit);
// Whether what was secret may go where `after` says: it was given for that place and for no other.
bool is_same_place(const Settings& before, const Settings& after);
// What a secret is bound to when it is sealed.
std::string context_of(SourceId id, std::string_view what, const Settings& settings);

Failure bad_setting(std::string_view path, LocalText message);

} // namespace onefold::fetch
