// The path is a JSON pointer without its first slash: "address/city" is city of address.
export const partsOf = (path: string): string[] => path.split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
