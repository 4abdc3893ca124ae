package org.consentgateway.testkit.mutation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Immutable. One promise and the change to the product that breaks it, as the page of mutations has
 * it.
 *
 * @param name of the section
 * @param promise what the caller, or the law, relies on
 * @param find the text of the product that keeps the promise, spacing aside
 * @param replacement what breaks it
 * @param laws tests of which at least one must turn red
 */
record Mutation(
        String name, String promise, String find, String replacement, List<NamedTest> laws) {

    private static final Pattern SECTION = Pattern.compile("(?ms)^### (\\S+)\\n(.*?)(?=^##|\\z)");
    private static final Pattern BODY =
            Pattern.compile("(?s)(.+?)\\n+```diff\\n(.*?)```\\n+Laws?: ([^\\n]+)\\s*");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    Mutation {
        laws = List.copyOf(laws);
    }

    /**
     * @throws IllegalArgumentException where a section is not a promise, a diff and its laws
     */
    static List<Mutation> read(String page) {
        var mutations = new ArrayList<Mutation>();
        Set<String> names = new HashSet<>();
        Matcher section = SECTION.matcher(page);
        while (section.find()) {
            Mutation mutation = section(section.group(1), section.group(2).strip());
            if (!names.add(mutation.name)) {
                throw new IllegalArgumentException("twice on the page: " + mutation.name);
            }
            mutations.add(mutation);
        }
        return mutations;
    }

    private static Mutation section(String name, String text) {
        Matcher body = BODY.matcher(text);
        if (!body.matches()) {
            throw new IllegalArgumentException(
                    name + ": not a promise, a diff and a line that begins with Law:");
        }
        var find = new StringBuilder();
        var replacement = new StringBuilder();
        body.group(2)
                .lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> {
                    char kind = line.charAt(0);
                    if (kind != '+') {
                        find.append(line.substring(1)).append('\n');
                    }
                    if (kind != '-') {
                        replacement.append(line.substring(1)).append('\n');
                    }
                });
        List<NamedTest> laws =
                QUOTED.matcher(body.group(3))
                        .results()
                        .map(m -> NamedTest.named(m.group(1)))
                        .toList();
        if (find.toString().equals(replacement.toString()) || laws.isEmpty()) {
            throw new IllegalArgumentException(name + ": changes nothing, or names no law");
        }
        return new Mutation(
                name,
                body.group(1).replace('\n', ' '),
                find.toString(),
                replacement.toString(),
                laws);
    }
}
