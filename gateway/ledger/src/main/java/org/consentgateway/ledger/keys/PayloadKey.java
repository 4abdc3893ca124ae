package org.consentgateway.ledger.keys;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Immutable. What payloads are sealed under, in the AES-256 keys that it gives. */
public sealed interface PayloadKey permits StoreKey, EntryKeys {
    /** Entries from the first to before the second. */
    record Range(long from, long to) {}

    /** Eight hex digits: names it without telling it. */
    String id();

    /** Of the payload of one entry; empty where that key was destroyed. */
    Optional<byte[]> of(String log, long index);

    /** Of the marks that say that a payload was destroyed, which stay. */
    byte[] marks();

    /** Whether an entry has a key of its own that was not destroyed. */
    boolean hasOwn(String log, long index);

    /** Without the keys of these entries, as far as they have keys of their own. */
    PayloadKey without(String log, Collection<Long> indexes);

    /** Whether an entry has a key of its own. */
    boolean isPerEntry();

    /** Entries of a log whose keys were destroyed. */
    List<Range> destroyed(String log, long size);

    /** One line of the key file. */
    String line();
}
