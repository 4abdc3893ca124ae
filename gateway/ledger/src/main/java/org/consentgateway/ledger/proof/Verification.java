package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What a verification has checked and found.
 *
 * @param notes what a reader of the verdict should know though nothing is wrong
 * @param unchecked what could not be looked at for want of a key: neither right nor wrong
 * @param findings at most {@link #MAX_FINDINGS}
 * @param found how many there were
 */
public record Verification(
        List<CheckedLog> logs,
        List<String> notes,
        List<String> unchecked,
        List<Finding> findings,
        long found)
        implements CheckResult {
    /** More are counted, not kept. */
    public static final int MAX_FINDINGS = 100;

    /**
     * @param payloads opened and compared with their leaves
     * @param erased payloads that are gone, and an Erased entry says so
     * @param checkpoints signatures and roots compared, stored and exported ones
     * @param unsigned entries after the newest checkpoint: chained, but not signed for yet
     */
    public record CheckedLog(
            String log,
            long entries,
            long payloads,
            long erased,
            long checkpoints,
            long unsigned) {}

    /**
     * @param index of the entry; null where it is about a checkpoint or the log as a whole
     */
    public record Finding(String log, @Nullable Long index, String what) {
        @Override
        public String toString() {
            return log + (index == null ? "" : " entry " + index) + ": " + what;
        }
    }

    @Override
    public boolean passed() {
        return found == 0;
    }

    @Override
    public boolean isComplete() {
        return unchecked.isEmpty();
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (CheckedLog log : logs) {
            lines.add(
                    log.log()
                            + ": "
                            + log.entries()
                            + " entries, "
                            + log.payloads()
                            + " payloads opened, "
                            + log.erased()
                            + " erased, "
                            + log.checkpoints()
                            + " checkpoints, "
                            + log.unsigned()
                            + " not yet under a checkpoint");
        }
        notes.forEach(note -> lines.add("note: " + note));
        unchecked.forEach(what -> lines.add("CANNOT CHECK: " + what));
        return CheckResult.verdict(
                lines,
                findings,
                found,
                List.of(
                        (isComplete() ? "verified" : "as far as it could be checked")
                                + ": nothing was changed, inserted or reordered, and up to the last"
                                + " checkpoint nothing was cut off",
                        "not covered: what came after the last checkpoint ("
                                + logs.stream().mapToLong(CheckedLog::unsigned).sum()
                                + " entries here, not yet signed); a cut there would not show"));
    }

    @Override
    public ObjectNode json() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("verified", passed() && isComplete());
        ArrayNode checked = tree.putArray("logs");
        for (CheckedLog log : logs) {
            checked.addObject()
                    .put("log", log.log())
                    .put("entries", log.entries())
                    .put("payloads", log.payloads())
                    .put("erased", log.erased())
                    .put("checkpoints", log.checkpoints())
                    .put("unsigned", log.unsigned());
        }
        ArrayNode told = tree.putArray("notes");
        notes.forEach(told::add);
        ArrayNode open = tree.putArray("unchecked");
        unchecked.forEach(open::add);
        tree.put("found", found);
        ArrayNode wrong = tree.putArray("findings");
        for (Finding finding : findings) {
            wrong.addObject()
                    .put("log", finding.log())
                    .put("entry", finding.index())
                    .put("what", finding.what());
        }
        return tree;
    }
}
