package org.consentgateway.ledger.proof;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a verification finds wrong, the first ones kept and all of them counted. Confined to one
 * thread.
 */
public final class Findings {
    private final List<Verification.Finding> kept = new ArrayList<>();
    private long found;

    /**
     * @param index of the entry; null if it is about a checkpoint or the log as a whole
     */
    public void add(String log, @Nullable Long index, String what) {
        found++;
        if (kept.size() < Verification.MAX_FINDINGS) {
            kept.add(new Verification.Finding(log, index, what));
        }
    }

    public void add(List<Verification.Finding> others) {
        others.forEach(one -> add(one.log(), one.index(), one.what()));
    }

    public List<Verification.Finding> kept() {
        return List.copyOf(kept);
    }

    public Verification with(
            List<Verification.CheckedLog> logs, List<String> notes, List<String> unchecked) {
        return new Verification(logs, notes, unchecked, List.copyOf(kept), found);
    }
}
