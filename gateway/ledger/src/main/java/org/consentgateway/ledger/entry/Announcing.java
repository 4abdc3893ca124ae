package org.consentgateway.ledger.entry;

import java.util.List;

/** Thread-safe. Who is to be told of an entry, and what. Asked by whoever hands the entry in. */
@FunctionalInterface
public interface Announcing {
    Announcing NOBODY = _ -> List.of();

    /** At most one for each recipient. */
    List<Outgoing> of(NewEntry entry);

    /** Who holds what they were told and is to be told that it was erased, by their names. */
    default List<String> holders() {
        return List.of();
    }
}
