package org.consentgateway.testkit.mutation;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Confined to one thread. The last result of each mutation, as the end of the page has it: a run of
 * some of them leaves the rows of the others as they are.
 */
final class ResultTable {
    private static final String TITLE = "## Last result";
    private static final Pattern ROW =
            Pattern.compile(
                    "(?m)^\\| (\\S+) \\| (killed.*|SURVIVED|NOT RUN.*) \\| (\\d{4}-\\d\\d-\\d\\d)"
                            + " \\|$");

    /** Verdict and day, by the name of the mutation. */
    private final Map<String, Row> rows = new LinkedHashMap<>();

    private record Row(String verdict, String day) {}

    private ResultTable() {}

    /** What the page says. */
    static ResultTable read(String page) {
        var table = new ResultTable();
        ROW.matcher(page)
                .results()
                .forEach(row -> table.rows.put(row.group(1), new Row(row.group(2), row.group(3))));
        return table;
    }

    void put(Mutation mutation, Verdict verdict, LocalDate day) {
        rows.put(mutation.name(), new Row(verdict.toString().replace("|", "\\|"), day.toString()));
    }

    /**
     * The page with these results in place of what it said.
     *
     * @param all mutations of the page, in their order; what is said of others goes
     */
    String into(String page, List<Mutation> all) {
        List<String> names = all.stream().map(Mutation::name).filter(rows::containsKey).toList();
        long killed = names.stream().filter(name -> row(name).verdict.startsWith("killed")).count();
        int end = page.indexOf(TITLE);
        var written = new StringBuilder(end < 0 ? page + "\n" : page.substring(0, end));
        written.append(TITLE)
                .append("\n\n`scripts/mutate --write`: of ")
                .append(all.size())
                .append(" mutations ")
                .append(names.size())
                .append(" run, ")
                .append(killed)
                .append(" killed.\n\n| mutation | result | day |\n| --- | --- | --- |\n");
        for (String name : names) {
            written.append("| ")
                    .append(name)
                    .append(" | ")
                    .append(row(name).verdict)
                    .append(" | ")
                    .append(row(name).day)
                    .append(" |\n");
        }
        return written.toString();
    }

    private Row row(String name) {
        return Objects.requireNonNull(rows.get(name));
    }
}
