package org.consentgateway.ledger.number;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.Rows;

/** What was written about other entries, oldest first. */
public final class AboutEntries {
    /** Of what refers to an entry so many are told, and whatever may have ended it. */
    public static final int MOST = 1000;

    private static final Set<EntryType> OF_HOLDERS =
            Set.of(EntryType.ASSISTANT_OPENED, EntryType.HOLDER_NOTIFIED, EntryType.HOLDER_TOLD);

    private static final Set<EntryType> ENDINGS =
            Arrays.stream(EntryType.values())
                    .filter(EntryType::isEnding)
                    .collect(Collectors.toUnmodifiableSet());

    private AboutEntries() {}

    /** What is done with an entry while it is there. */
    public interface Look {
        void at(Entry entry);
    }

    /**
     * Who was given data under this consent, and who was told of its end: all of it. Of a consent
     * that lasts that may be many thousand talks, of which none is kept here.
     */
    public static void ofHolders(LogReader reader, UUID grant, Look look) throws LedgerUnavailable {
        FoundEntries.about(reader, grant)
                .only(OF_HOLDERS)
                .oldestFirst()
                .each(page -> page.forEach(look::at));
    }

    /** What of these types refers to this entry, oldest first: all of it, a page at a time. */
    public static void each(LogReader reader, UUID id, Set<EntryType> types, Look look)
            throws LedgerUnavailable {
        FoundEntries.about(reader, id)
                .only(types)
                .oldestFirst()
                .each(page -> page.forEach(look::at));
    }

    /**
     * Of the entries of a type that refer to the same entry the oldest alone: an approval may have
     * a thousand.
     *
     * @param type one of {@link LogReader#FEW}
     */
    public static void eachFirst(LogReader reader, EntryType type, Look look)
            throws LedgerUnavailable {
        FoundEntries.ofType(reader, type)
                .oldestFirst()
                .firstOfEach()
                .each(page -> page.forEach(look::at));
    }

    /**
     * All entries of a type.
     *
     * @param type one of {@link LogReader#FEW}
     */
    public static void each(LogReader reader, EntryType type, Look look) throws LedgerUnavailable {
        FoundEntries.ofType(reader, type).oldestFirst().each(page -> page.forEach(look::at));
    }

    /**
     * What refers to this entry: of very much the newest, and all that ends it, takes a purpose of
     * it or says no to it.
     */
    public static List<Entry> of(LogReader reader, UUID id) throws LedgerUnavailable {
        return of(reader, List.of(id)).getOrDefault(id, List.of());
    }

    /**
     * The same for many entries.
     *
     * @return none for those to which nothing refers
     */
    public static Map<UUID, List<Entry>> of(LogReader reader, Collection<UUID> ids)
            throws LedgerUnavailable {
        Map<UUID, List<Entry>> all =
                found(
                        reader,
                        ids,
                        "SELECT log, idx, refers FROM (SELECT log, idx, refers, ROW_NUMBER() OVER"
                                + " (PARTITION BY refers ORDER BY time_ms DESC, log DESC, idx DESC)"
                                + " AS n FROM ledger_lookup WHERE refers IN (%s)) r WHERE n <= "
                                + MOST);
        List<UUID> cut =
                ids.stream().filter(id -> all.getOrDefault(id, List.of()).size() >= MOST).toList();
        ends(reader, cut, ENDINGS).forEach((id, ends) -> all.merge(id, ends, AboutEntries::joined));
        return all;
    }

    /** Each once, oldest first. */
    private static List<Entry> joined(List<Entry> some, List<Entry> others) {
        Map<UUID, Entry> all = new HashMap<>();
        some.forEach(entry -> all.put(entry.id(), entry));
        others.forEach(entry -> all.put(entry.id(), entry));
        return all.values().stream()
                .sorted(
                        Comparator.comparing(Entry::time)
                                .thenComparing(Entry::log)
                                .thenComparingLong(Entry::index))
                .toList();
    }

    /** What of these types refers to these entries; for entries to which little refers. */
    public static Map<UUID, List<Entry>> of(
            LogReader reader, Collection<UUID> ids, Set<EntryType> types) throws LedgerUnavailable {
        return found(
                reader,
                ids,
                "SELECT log, idx, refers FROM ledger_lookup WHERE refers IN (%s) AND type IN ("
                        + texts(types)
                        + ")");
    }

    /**
     * What ends these consents, takes a purpose of them or says no to them: all of it, however much
     * else is written about them.
     *
     * @param types of such entries
     * @return none for those that nothing has ended
     */
    public static Map<UUID, List<Entry>> ends(
            LogReader reader, Collection<UUID> consents, Set<EntryType> types)
            throws LedgerUnavailable {
        return found(reader, consents, endings(types));
    }

    static String endings(Set<EntryType> types) {
        return "SELECT log, idx, refers FROM ledger_lookup WHERE "
                + LogReader.ENDING
                + "refers IN (%s) AND type IN ("
                + texts(types)
                + ")";
    }

    private static String texts(Set<EntryType> types) {
        return types.stream()
                .map(type -> "'" + type.text() + "'")
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static Map<UUID, List<Entry>> found(
            LogReader reader, Collection<UUID> ids, String places) throws LedgerUnavailable {
        Map<UUID, List<Entry>> all = new HashMap<>();
        List<UUID> every = new ArrayList<>(ids);
        for (int from = 0; from < every.size(); from += LogReader.AT_ONCE) {
            List<UUID> some = every.subList(from, Math.min(every.size(), from + LogReader.AT_ONCE));
            all.putAll(
                    reader.grouped(
                            REFERS,
                            at(places, some.size()),
                            some.stream().map(UUID::toString).toArray()));
        }
        return all;
    }

    static final String REFERS = "f.refers";

    /** Behind the tables. */
    static String at(String places, int ids) {
        return "JOIN ("
                + places.formatted(Rows.places(ids))
                + ") f ON f.log = e.log AND f.idx = e.idx ORDER BY e.time_ms, e.log, e.idx";
    }
}
