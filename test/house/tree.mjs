// What no committed file may hold, and which files have grown long.

const host = (...labels) => labels.join("\\.");
const registry_hosts = new RegExp(
  [
    host("registry", "npmjs", "org"), host("registry", "yarnpkg", "com"), host("npmmirror", "com"),
    host("(?:deb|security|ftp|snapshot)", "debian", "org"), host("archive", "ubuntu", "com"), host("nodesource", "com"),
    host("pypi", "org"), host("files", "pythonhosted", "org"), host("crates", "io"), host("proxy", "golang", "org"),
    host("repo", "maven", "apache", "org"), host("repo1", "maven", "org"),
  ].join("|"), "i");
const machine_paths = new RegExp(["work", "home", "Users"].map((folder) => `(?<![\\w.\\-/}])/${folder}/`).join("|"));

/** Files: [{path, text}] of all that is committed. */
export function check_committed(files) {
  const complaints = [];
  for (const { path, text } of files) {
    text.split("\n").forEach((line, index) => {
      const registry = registry_hosts.exec(line);
      const machine = machine_paths.exec(line);
      if (registry) complaints.push(`${path}:${index + 1} names a package registry's host: ${registry[0]}`);
      if (machine) complaints.push(`${path}:${index + 1} holds a path of one machine: ${line.slice(machine.index, machine.index + 40)}`);
    });
  }
  return complaints;
}

export const lines_max = 400;

/** Not a fault: a file over the limit is a sign that an idea in it wants its own room. */
export function long_files(files) {
  return files
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter((file) => file.lines > lines_max)
    .sort((a, b) => b.lines - a.lines)
    .map((file) => `${file.path} has ${file.lines} lines`);
}
