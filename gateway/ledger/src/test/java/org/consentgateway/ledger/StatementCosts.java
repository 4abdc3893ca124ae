package org.consentgateway.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Confined to one thread. What each statement costs, as PostgreSQL's auto_explain tells of each
 * that was run: by which index it looks, or that it reads a whole table, how long, and how many
 * pages.
 */
final class StatementCosts {
    private static final Pattern PLAN = Pattern.compile("duration: ([0-9.]+) ms  plan:");
    private static final Pattern PLACES = Pattern.compile("\\$\\d+(, ?\\$\\d+)+");
    private static final Pattern NUMBERED = Pattern.compile("\\$\\d+");
    private static final Pattern ROWS = Pattern.compile("(\\(\\$…\\),?){2,}");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of a table with so many rows the planner rightly takes no index. */
    private static final int FEW = 2000;

    private final Set<String> big;
    private final Map<String, Cost> costs = new LinkedHashMap<>();

    /** Of one statement, over all its runs. */
    private static final class Cost {
        int runs;
        double millis;
        double worst;
        long pages;
        final Set<String> ways = new TreeSet<>();

        /** Tables that were read from end to end. */
        final Set<String> whole = new TreeSet<>();
    }

    /**
     * @param big tables that nobody may read from end to end
     */
    StatementCosts(Set<String> big) {
        this.big = Set.copyOf(big);
    }

    /**
     * @param output of the server, with plans as JSON
     */
    void read(Path output) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(output)) {
            Double millis = null;
            StringBuilder plan = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (millis != null && line.startsWith("\t")) {
                    plan.append(line).append('\n');
                    continue;
                }
                if (millis != null) {
                    add(millis, plan.toString());
                    millis = null;
                    plan.setLength(0);
                }
                Matcher found = PLAN.matcher(line);
                if (found.find()) {
                    millis = Double.valueOf(found.group(1));
                }
            }
            if (millis != null) {
                add(millis, plan.toString());
            }
        }
    }

    private void add(double millis, String text) throws IOException {
        JsonNode told = JSON.readTree(text);
        String statement = told.path("Query Text").asText();
        statement = PLACES.matcher(statement).replaceAll("\\$…");
        statement = ROWS.matcher(statement).replaceAll("(\\$…)…");
        statement = NUMBERED.matcher(statement).replaceAll("\\$").replaceAll("\\s+", " ").strip();
        JsonNode plan = told.path("Plan");
        Cost cost = costs.computeIfAbsent(statement, _ -> new Cost());
        cost.runs++;
        cost.millis += millis;
        cost.worst = Math.max(cost.worst, millis);
        cost.pages +=
                plan.path("Shared Hit Blocks").asLong() + plan.path("Shared Read Blocks").asLong();
        walk(plan, cost);
    }

    private void walk(JsonNode node, Cost cost) {
        String kind = node.path("Node Type").asText();
        String table = node.path("Relation Name").asText();
        String index = node.path("Index Name").asText();
        if (!index.isEmpty()) {
            cost.ways.add(index);
        } else if (kind.equals("Seq Scan") && node.path("Actual Loops").asLong() > 0) {
            cost.ways.add("ALL of " + table);
            long rows =
                    (node.path("Actual Rows").asLong()
                                    + node.path("Rows Removed by Filter").asLong())
                            * node.path("Actual Loops").asLong();
            if (big.contains(table) && rows > FEW) {
                cost.whole.add(table);
            }
        }
        node.path("Plans").forEach(below -> walk(below, cost));
    }

    /** How many statements read a big table from end to end; those of the set may. */
    int report(Map<String, String> allowed) {
        List<Map.Entry<String, Cost>> all = new ArrayList<>(costs.entrySet());
        all.sort(
                Comparator.comparingDouble(each -> -each.getValue().millis / each.getValue().runs));
        System.out.println("mean ms   worst   pages  runs  by / statement");
        int wrong = 0;
        for (Map.Entry<String, Cost> each : all) {
            Cost cost = each.getValue();
            String verdict = "";
            if (!cost.whole.isEmpty()) {
                verdict =
                        allowed.entrySet().stream()
                                .filter(one -> each.getKey().startsWith(one.getKey()))
                                .map(one -> "  (meant: " + one.getValue() + ")")
                                .findFirst()
                                .orElse("  READS ALL OF " + cost.whole);
                wrong += verdict.contains("READS ALL") ? 1 : 0;
            }
            System.out.printf(
                    Locale.ROOT,
                    "%7.2f %7.1f %7d %5d  %s%s%n%32s%s%n",
                    cost.millis / cost.runs,
                    cost.worst,
                    cost.pages / cost.runs,
                    cost.runs,
                    String.join(", ", cost.ways),
                    verdict,
                    "",
                    each.getKey().length() > 200
                            ? each.getKey().substring(0, 200) + "…"
                            : each.getKey());
        }
        System.out.printf(
                "%d statements, %d of them read a big table from end to end%n", all.size(), wrong);
        return wrong;
    }

    /** Statements as they were run. */
    Set<String> statements() {
        return costs.keySet();
    }
}
