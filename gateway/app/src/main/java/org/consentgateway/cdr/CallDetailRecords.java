package org.consentgateway.cdr;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallListener;
import org.consentgateway.call.CallOutcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. One record per call, written when the call has ended. Calls never wait for the disk:
 * a thread of its own writes, and what it cannot take or write is counted.
 */
public final class CallDetailRecords implements CallListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallDetailRecords.class);

    /** Lines that wait for the disk: minutes of a busy node. */
    static final int MOST_WAITING = 10_000;

    /** Far above the calls that can be under way. */
    private static final int MOST_UNDER_WAY = 50_000;

    private static final long IDLE_MILLIS = 200;
    private static final long CLOSE_MILLIS = 5_000;

    /** In which the writer takes names out of one file. */
    private static final long TURN_SECONDS = 300;

    /**
     * Immutable. Where and how they are written.
     *
     * @param formats a file each
     * @param mostBytes of one file
     * @param keep files of days before are deleted, of this node and whatever their format
     * @param pseudonyms whether known callers who consented are told apart
     */
    public record Settings(
            Path directory,
            String node,
            List<CdrFormat> formats,
            long mostBytes,
            Period keep,
            boolean pseudonyms) {
        public Settings {
            formats = List.copyOf(formats);
        }
    }

    private record Waiting(CallDetailRecord cdr, Instant at) {}

    /** The log of consents, as far as records have to agree with it. */
    public interface NamesInLog {
        /**
         * @param calls ids
         * @return to the id of each call in which the log names somebody their pseudonyms
         */
        Map<String, Set<String>> named(Set<String> calls) throws IOException;
    }

    private record TakingOut(OutdatedNames names, CompletableFuture<Boolean> done) {}

    private final CallDetailRecord.Teller teller;
    private final Map<CdrFormat, RotatedFiles> files = new java.util.EnumMap<>(CdrFormat.class);
    private final OldFiles old;
    private final InstantSource clock;
    private final LongConsumer lost;
    private final Map<UUID, CallSoFar> underWay = new ConcurrentHashMap<>();
    private final BlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Queue<TakingOut> takingOut = new ConcurrentLinkedQueue<>();
    private final Settings settings;
    private final Thread writer;
    private volatile boolean closing;
    private boolean failing;

    /** When those of days long past were last looked for. */
    private LocalDate looked = LocalDate.MIN;

    private CallDetailRecords(Settings settings, InstantSource clock, LongConsumer lost) {
        this.teller = new CallDetailRecord.Teller(settings.node(), settings.pseudonyms());
        this.settings = settings;
        this.clock = clock;
        this.lost = lost;
        for (CdrFormat format : settings.formats()) {
            files.put(
                    format,
                    new RotatedFiles(
                            settings.directory(), settings.node(), format, settings.mostBytes()));
        }
        this.old = new OldFiles(settings.directory(), settings.node(), settings.keep());
        this.writer = Thread.ofPlatform().daemon().name("cdr-writer").unstarted(this::write);
    }

    /**
     * @param lost told how many records more are lost
     */
    public static CallDetailRecords open(
            Settings settings, InstantSource clock, LongConsumer lost) {
        var records = new CallDetailRecords(settings, clock, lost);
        records.writer.start();
        return records;
    }

    @Override
    public void told(CallEvent event) {
        switch (event) {
            case CallEvent.DisclosureServed served -> of(served.facts().callId()).disclosed(served);
            case CallEvent.QuestionServed served -> of(served.facts().callId()).asked();
            case CallEvent.Decided decided -> of(decided.facts().callId()).decided(decided);
            case CallEvent.Abandoned left -> of(left.facts().callId()).abandoned(left);
            case CallEvent.Withdrawn withdrawn -> of(withdrawn.facts().callId()).withdrawn();
            case CallEvent.Reaffirmed again -> of(again.facts().callId()).reliedOnEarlier();
            case CallEvent.Used used -> of(used.facts().callId()).reliedOnEarlier();
            case CallEvent.ConsentEnded end -> of(end.facts().callId()).ended(end.how());
            case CallEvent.Joined joined -> of(joined.facts().callId()).joined(joined);
            case CallEvent.TaskOpened task -> of(task.facts().callId()).leftTask(task);
            case CallEvent.Ended ended -> ended(ended);
            default -> {
                // nothing that a record has
            }
        }
    }

    private CallSoFar of(UUID call) {
        CallSoFar there = underWay.get(call);
        return there == null && underWay.size() >= MOST_UNDER_WAY
                ? new CallSoFar()
                : underWay.computeIfAbsent(call, _ -> new CallSoFar());
    }

    private void ended(CallEvent.Ended ended) {
        CallOutcome outcome = ended.outcome();
        CallSoFar soFar = underWay.remove(outcome.trail().facts().callId());
        Instant now = clock.instant();
        CallDetailRecord cdr =
                CallDetailRecord.of(
                        teller,
                        soFar == null ? new CallSoFar() : soFar,
                        outcome,
                        ended.media(),
                        now);
        if (closing || !waiting.offer(new Waiting(cdr, now))) {
            lost.accept(1);
        }
    }

    private void write() {
        try {
            deleteOld();
            while (!closing || !waiting.isEmpty()) {
                Waiting line = waiting.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (line != null) {
                    write(line);
                }
                takeOut();
                deleteOld();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            List<Waiting> left = new ArrayList<>();
            waiting.drainTo(left);
            if (!left.isEmpty()) {
                lost.accept(left.size());
            }
            files.values().forEach(CallDetailRecords::close);
            takingOut.forEach(each -> each.done().cancel(false));
        }
    }

    /**
     * Takes the pseudonyms out of the records of those calls in which the log names their caller no
     * more: they were erased, or their time is over. Of this node's files, in all formats; this
     * thread reads them and waits for the writer, since nobody else may change what it writes.
     *
     * @throws IOException where not all of that was done
     */
    public void forget(NamesInLog log) throws IOException {
        for (Path file : RotatedFiles.in(settings.directory())) {
            Optional<CdrFormat> format = CdrFormat.of(file, settings.node());
            if (format.isPresent()) {
                OutdatedNames names = OutdatedNames.in(file, format.get(), log);
                if (!names.names().isEmpty()) {
                    await(new TakingOut(names, new CompletableFuture<>()));
                }
            }
        }
    }

    private void await(TakingOut turn) throws IOException {
        takingOut.add(turn);
        try {
            Boolean _ = turn.done().get(TURN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } catch (ExecutionException | TimeoutException | CancellationException e) {
            throw new IOException(
                    "pseudonyms that the log has no more are still in call detail records", e);
        }
    }

    private void takeOut() {
        TakingOut turn = takingOut.poll();
        if (turn == null) {
            return;
        }
        try {
            files.values().forEach(CallDetailRecords::close); // one of them may be open
            turn.names().takeOut();
            turn.done().complete(true);
        } catch (IOException | RuntimeException e) {
            turn.done().completeExceptionally(e);
        }
    }

    /** Each day, also one without a call: how long they are kept is promised to the callers. */
    private void deleteOld() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        if (today.equals(looked)) {
            return;
        }
        looked = today;
        try {
            old.delete(today);
        } catch (IOException | RuntimeException e) {
            LOG.error("call detail records that are too old are still there: {}", e.toString());
        }
    }

    /** Whatever one line meets, the next one is tried. */
    private void write(Waiting line) {
        files.forEach((format, file) -> {
            try {
                file.append(format.line(line.cdr()), line.at());
                failing = false;
            } catch (IOException | RuntimeException e) {
                lost.accept(1);
                close(file);
                if (!failing) {
                    LOG.error("call detail records cannot be written: {}", e.toString());
                }
                failing = true;
            }
        });
    }

    private static void close(RotatedFiles file) {
        try {
            file.close();
        } catch (IOException e) {
            LOG.warn("a file of call detail records did not close: {}", e.toString());
        }
    }

    /** Writes what waits. */
    @Override
    public void close() {
        closing = true;
        try {
            writer.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
