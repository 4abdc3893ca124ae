package org.consentgateway.proof;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.Period;
import java.util.List;
import java.util.Map;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.Task;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What callers left to be done, for those who do it beside a running gateway. What goes
 * wrong is an {@link IOException} that says it in one line.
 */
public final class StoredTasks {
    /** A person waits, not a caller. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final LedgerSettings settings;
    private final InstantSource clock;
    private final String location;
    private final Map<Task.Kind, Period> kept;

    public StoredTasks(
            LedgerSettings settings,
            InstantSource clock,
            String location,
            Map<Task.Kind, Period> kept) {
        this.settings = settings;
        this.clock = clock;
        this.location = location;
        this.kept = Map.copyOf(kept);
    }

    /**
     * @param closed null while it is open
     */
    public record Found(Task.Opened opened, Task.@Nullable Closed closed) {}

    /** Of one kind, oldest first. */
    public List<Found> all(Task.Kind kind) throws IOException {
        try {
            LedgerArchive archive = LedgerArchive.open(settings);
            List<Task.Closed> closed = LedgerTasks.closed(archive.reader());
            return LedgerTasks.opened(archive.reader()).reversed().stream()
                    .filter(task -> task.kind() == kind)
                    .map(task -> new Found(task, closing(closed, task)))
                    .toList();
        } catch (LedgerUnavailable e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Task.@Nullable Closed closing(List<Task.Closed> closed, Task.Opened task) {
        return closed.stream().filter(one -> one.task().equals(task.id())).findFirst().orElse(null);
    }

    /**
     * @param wanted its number or its id
     */
    public Found find(Task.Kind kind, String wanted) throws IOException {
        List<Found> found =
                all(kind).stream()
                        .filter(one ->
                                one.opened().reference().digits().equals(wanted)
                                        || one.opened().id().toString().equals(wanted))
                        .toList();
        if (found.isEmpty()) {
            throw new IOException("there is no " + wanted + ": see list --all");
        }
        if (found.size() > 1) {
            throw new IOException(
                    "several have the number "
                            + wanted
                            + ": say "
                            + found.stream().map(one -> one.opened().id()).toList());
        }
        return found.getFirst();
    }

    /**
     * Writes that it is done.
     *
     * @param by the person who did it
     * @param result in their words; may be empty
     */
    public void close(Task.Opened task, String by, String result) throws IOException {
        try (Ledger ledger = Ledger.openBeside(settings, clock)) {
            new LedgerTasks(ledger, location, kept)
                    .append(
                            new Task.Closed(
                                    EntryIds.next(clock.instant()),
                                    clock.instant(),
                                    task.kind(),
                                    task.id(),
                                    by,
                                    result),
                            PATIENCE);
        } catch (JournalUnavailable e) {
            throw new IOException("the store does not take it: " + e.getMessage(), e);
        }
    }
}
