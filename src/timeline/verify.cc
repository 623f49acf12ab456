#include "timeline/manifest.h"
#include "timeline/run.h"
#include "timeline/timeline.h"

namespace onefold::timeline {
namespace {

constexpr std::size_t manifest_bytes_max = 64 << 20;
constexpr int looks_max = 20;

// The manifest's text; "" where there is none yet.
Result<std::string> text_of_manifest(runtime::Files& files, const std::string& folder) {
    const std::string path = folder + "/manifest";
    return files.exists(path) ? files.read_all(path, manifest_bytes_max) : Result<std::string>(std::string());
}

Result<std::uint64_t> verify_run(runtime::Files& files, const std::string& folder, const RunNote& note) {
    const std::string path = folder + "/" + note.file;
    const auto run = TRY(Run::open(files, path));
    if (run->checksum() != note.checksum || run->interval() != note.interval)
        return damaged(path, "another run");
    TRY(run->verify());
    return run->count();
}

Timeline::Verified verify_all(runtime::Files& files, const std::string& folder, const Manifest& manifest) {
    Timeline::Verified verified;
    for (const RunNote& note : manifest.runs) {
        const auto entries = verify_run(files, folder, note);
        if (entries)
            verified.entries += *entries;
        else
            verified.damages.push_back(entries.error().message);
    }
    return verified;
}

} // namespace

// A server merges runs meanwhile: what is missing may be part of a newer one, which the manifest names then.
Result<Timeline::Verified> Timeline::verify(runtime::Files& files, const std::string& folder) {
    std::string text = TRY(text_of_manifest(files, folder));
    for (int look = 0;; ++look) {
        if (text.empty())
            return Verified{};
        const auto manifest = parse_manifest(text);
        Verified verified;
        if (manifest)
            verified = verify_all(files, folder, *manifest);
        else
            verified.damages.push_back(damaged(folder + "/manifest", "it cannot be read").error().message);
        std::string now = TRY(text_of_manifest(files, folder));
        if (verified.damages.empty() || now == text || look == looks_max)
            return verified;
        text = std::move(now);
    }
}

} // namespace onefold::timeline
