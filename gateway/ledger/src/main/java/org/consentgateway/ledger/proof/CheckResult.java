package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What checking a log, an export or a receipt has found: what the gateway's command line prints.
 */
public interface CheckResult {
    /** Whether nothing is wrong in what could be looked at. */
    boolean passed();

    /** Whether all could be looked at that was here: no key was missing for it. */
    default boolean isComplete() {
        return true;
    }

    /** For people: what was checked, what is wrong, the verdict. */
    List<String> lines();

    /** The same for programs. */
    ObjectNode json();

    /**
     * Lines of a verdict on several things.
     *
     * @param checked a line for each
     * @param wrong what of it is told
     * @param found how much was wrong
     * @param right said where nothing was
     */
    static List<String> verdict(
            List<String> checked, List<?> wrong, long found, List<String> right) {
        List<String> lines = new ArrayList<>(checked);
        wrong.forEach(finding -> lines.add("WRONG: " + finding));
        if (found > wrong.size()) {
            lines.add("… and " + (found - wrong.size()) + " more");
        }
        if (found > 0) {
            lines.add("NOT VERIFIED: " + found + " findings");
        } else {
            lines.addAll(right);
        }
        return lines;
    }
}
