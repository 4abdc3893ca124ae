package org.consentgateway.cli.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.Listing;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ledger list}: read some at a time, so that any number of entries takes no more memory. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = {
            "Entries of all logs, newest last: the newest 50, or all between two times.",
            "A time is a day such as 2026-11-28, here its midnight, or an instant such as"
                    + " 2026-11-28T09:00:00Z."
        })
final class ListCommand extends AuditCommand {
    /** Of these an entry has one, or none. */
    private static final List<String> DETAILS =
            List.of("/decision/level", "/decision/reason", "/reason", "/assistant");

    private static final String ROW = "%-24s  %-22s  %-15s  %-14s  %-28s  %s";
    private static final int USUAL_LIMIT = 50;

    private final Supplier<LedgerSettings> configured;
    @Mixin private final LedgerCommand.Place place = new LedgerCommand.Place();

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "So many, the newest (50; without end where --from is given).")
    private @Nullable Integer limit;

    @Option(names = "--call", paramLabel = "ID", description = "Only of this call.")
    private @Nullable String call;

    @Option(names = "--from", paramLabel = "TIME", description = "Of this time and later.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Before this time.")
    private @Nullable String to;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "Only of this type, such as Given; may be repeated.")
    private List<String> types = new ArrayList<>();

    @Option(names = "--line", paramLabel = "NAME", description = "Only of this line.")
    private @Nullable String line;

    @Option(names = "--level", paramLabel = "ID", description = "Only decisions for this level.")
    private @Nullable String level;

    ListCommand(Supplier<LedgerSettings> configured) {
        this.configured = configured;
    }

    @Override
    protected int run(PrintWriter out) throws IOException, LedgerUnavailable {
        if (limit != null && limit < 1) {
            throw wrongUsage("--limit takes 1 or more, not " + limit);
        }
        LedgerArchive archive = LedgerArchive.open(place.of(configured));
        if (!json) {
            out.printf(ROW + "%n", "time", "log entry", "type", "line", "details", "id");
        }
        if (call != null) {
            print(out, archive, archive.reader().ofCall(call).reversed());
        } else if (from != null && limit == null) {
            archive.each(
                    wanted(false),
                    entries -> {
                        print(out, archive, entries);
                        return !out.checkError(); // the rest would be read for nobody
                    });
        } else {
            print(out, archive, newest(archive));
        }
        return OK;
    }

    private List<Entry> newest(LedgerArchive archive) throws IOException, LedgerUnavailable {
        int most = limit == null ? USUAL_LIMIT : limit;
        List<Entry> newestFirst = new ArrayList<>();
        archive.each(
                wanted(true),
                entries -> {
                    entries.stream()
                            .filter(this::isWanted)
                            .limit(most - newestFirst.size())
                            .forEach(newestFirst::add);
                    return newestFirst.size() < most;
                });
        return newestFirst.reversed();
    }

    private void print(PrintWriter out, LedgerArchive archive, List<Entry> entries)
            throws IOException, LedgerUnavailable {
        List<UUID> closed =
                entries.stream().filter(entry -> entry.payload() == null).map(Entry::id).toList();
        Set<UUID> erased = closed.isEmpty() ? Set.of() : archive.reader().erased(closed);
        for (Entry entry : entries) {
            if (isWanted(entry)) {
                out.println(
                        json
                                ? JSON.writeValueAsString(LedgerCommand.tree(entry))
                                : row(entry, erased.contains(entry.id())));
            }
        }
    }

    private Listing.Wanted wanted(boolean newestFirst) throws IOException {
        return new Listing.Wanted(time(from), time(to), wantedTypes(), line, newestFirst);
    }

    private Set<EntryType> wantedTypes() throws IOException {
        Set<EntryType> wanted = EnumSet.noneOf(EntryType.class);
        for (String type : types) {
            wanted.add(
                    Arrays.stream(EntryType.values())
                            .filter(each -> each.text().equalsIgnoreCase(type))
                            .findFirst()
                            .orElseThrow(() ->
                                    new IOException(
                                            "no type "
                                                    + type
                                                    + "; there are "
                                                    + Arrays.stream(EntryType.values())
                                                            .map(EntryType::text)
                                                            .collect(Collectors.joining(", ")))));
        }
        return wanted;
    }

    private static @Nullable Instant time(@Nullable String text) throws IOException {
        if (text == null) {
            return null;
        }
        try {
            return text.contains("T")
                    ? Instant.parse(text)
                    : LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeException e) {
            throw new IOException(text + " is no time: 2026-11-28, or 2026-11-28T09:00:00Z", e);
        }
    }

    private boolean isWanted(Entry entry) {
        return level == null || at(entry, "/decision/level").equals(level);
    }

    private static String row(Entry entry, boolean erased) {
        return String.format(
                Locale.ROOT,
                ROW,
                entry.time(),
                entry.log().substring(entry.log().lastIndexOf('/') + 1) + " " + entry.index(),
                entry.type().text(),
                entry.payload() != null
                        ? at(entry, "/call/line")
                        : erased ? "(erased)" : "(does not open)",
                details(entry),
                entry.id());
    }

    private static String details(Entry entry) {
        if (entry.type() != EntryType.HOLDER_NOTIFIED) {
            return DETAILS.stream().map(path -> at(entry, path)).collect(Collectors.joining());
        }
        String acknowledgedBy = at(entry, "/holder/acknowledged_by");
        return at(entry, "/holder/name")
                + " "
                + at(entry, "/holder/event").toLowerCase(Locale.ROOT)
                + ", "
                + (acknowledgedBy.isEmpty() ? "not confirmed" : "confirmed " + acknowledgedBy);
    }

    private static String at(Entry entry, String path) {
        ObjectNode payload = entry.payload();
        return payload == null ? "" : payload.at(path).asText("");
    }
}
