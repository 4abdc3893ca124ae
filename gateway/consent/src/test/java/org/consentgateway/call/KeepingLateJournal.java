package org.consentgateway.call;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.journal.LateJournal;

/** Confined to a test. Keeps records in memory, unless told that its disk is full. */
final class KeepingLateJournal implements LateJournal {
    private final List<ConsentRecord> kept = new ArrayList<>();
    private Tape tape = new Tape();
    private boolean full;

    void recordOnto(Tape newTape) {
        tape = newTape;
    }

    void fill() {
        full = true;
    }

    @Override
    public boolean keep(List<ConsentRecord> together) {
        if (full) {
            return false;
        }
        kept.addAll(together);
        together.forEach(record -> tape.add(new Tape.Happening.Kept(record)));
        return true;
    }

    @Override
    public List<ConsentRecord> kept() {
        return List.copyOf(kept);
    }

    @Override
    public void forget(Collection<ConsentRecord> written) {
        kept.removeAll(written);
    }
}
