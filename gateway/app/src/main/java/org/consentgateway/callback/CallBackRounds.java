package org.consentgateway.callback;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.CallBackResult;
import org.consentgateway.consent.request.CallBackStore;
import org.consentgateway.consent.request.CallBackStore.Waiting;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.consent.request.SubjectRequest.CallBackDue;
import org.consentgateway.consent.request.SubjectRequest.CallBackPlaced;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns are confined to one thread; calls go on beside them. Has every number that waits for it
 * called back once, at a time at which nobody sleeps, and never more of them than a few: nobody can
 * have strangers rung up by calling with their numbers.
 */
public final class CallBackRounds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallBackRounds.class);

    static final int AT_ONCE = 4;
    static final int AN_HOUR = 60;

    /**
     * A call that was begun so long ago and of which nothing is written has ended with its node.
     */
    static final Duration ABANDONED = Duration.ofMinutes(10);

    /** Whoever still waits then is not called: a little later the number is gone. */
    static final Duration LATEST = SubjectRequest.NUMBER_KEPT.minusHours(2);

    /**
     * As long as the hours of a line may let nobody be called. Whoever asks at their end is called
     * before {@link #LATEST}, also where clocks are set back meanwhile, where a call back waits for
     * an hour behind the call, and where others are called first.
     */
    public static final Duration LONGEST_CLOSED = LATEST.minusHours(3);

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LOOK = Duration.ofSeconds(10);

    /** Where no line asks for it, what is left of former settings can wait. */
    private static final Duration RARE_LOOK = Duration.ofMinutes(10);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CallBackStore store;
    private final NumberCaller caller;
    private final Here here;
    private final Consumer<CallBackResult> told;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Set<UUID> calling = ConcurrentHashMap.newKeySet();

    /** What calls came to and the store has not taken yet, by request. */
    private final Map<UUID, CallBackResult> unwritten = new ConcurrentHashMap<>();

    private final Map<UUID, Long> overSince = new HashMap<>();

    /** By what each call that is to be made is known, until it is certain who makes it. */
    private final Map<UUID, UUID> placing = new ConcurrentHashMap<>();

    private final Deque<Long> placed = new ConcurrentLinkedDeque<>();
    private Set<UUID> underWay = Set.of();
    private List<Waiting> waiting = List.of();
    private long lookedAt;
    private volatile long awayAt;
    private volatile boolean stale = true;
    private volatile boolean closed;

    /**
     * What goes on in this process.
     *
     * @param terms as they are now
     * @param calls under way
     * @param open whether calls may be made: not while the process ends
     */
    public record Here(
            Supplier<CallBackTerms> terms,
            Supplier<List<CallFacts>> calls,
            java.util.function.BooleanSupplier open) {}

    /**
     * @param told what came of each call back
     */
    public CallBackRounds(
            CallBackStore store,
            NumberCaller caller,
            Here here,
            Consumer<CallBackResult> told,
            InstantSource clock,
            LongSupplier nanos) {
        this.store = store;
        this.caller = caller;
        this.here = here;
        this.told = told;
        this.clock = clock;
        this.nanos = nanos;
        this.lookedAt = nanos.getAsLong();
        this.awayAt = lookedAt - LOOK.toNanos();
    }

    /** To be called a few times a second: most turns ask the store nothing. */
    public void turn() throws JournalUnavailable {
        CallBackTerms terms = here.terms.get();
        Set<UUID> before = underWay;
        underWay = new HashSet<>();
        for (CallFacts each : here.calls.get()) {
            if (terms.lines().containsKey(each.line())) {
                underWay.add(each.callId());
            }
        }
        Duration look = terms.lines().isEmpty() ? RARE_LOOK : LOOK;
        if (stale
                || !underWay.containsAll(before)
                || nanos.getAsLong() - lookedAt > look.toNanos()) {
            stale = false;
            lookedAt = nanos.getAsLong();
            waiting = store.waiting(PATIENCE);
            overSince
                    .keySet()
                    .removeIf(id -> waiting.stream().noneMatch(one -> id.equals(callOf(one))));
            // Answered or erased meanwhile: whoever did that has the last word.
            unwritten.keySet().removeIf(id -> !calling.contains(id) && !isWaiting(id));
            placing.keySet().removeIf(id -> !calling.contains(id) && !isWaiting(id));
        }
        Set<PhoneNumber> numbers = new HashSet<>();
        for (Waiting each : calledFirst(waiting)) {
            CallBackDue due = each.due();
            consider(each, terms, due == null || numbers.add(due.number()));
        }
    }

    /**
     * On one node a number has one request that waits ({@code RequestDesk}); on two, which look
     * whether there is one at the same moment, it may have two. All nodes see the same first one.
     */
    private static List<Waiting> calledFirst(List<Waiting> waiting) {
        return waiting.stream()
                .sorted(Comparator.comparing((Waiting each) -> each.placed() == null))
                .toList();
    }

    private boolean isWaiting(UUID request) {
        return waiting.stream().anyMatch(one -> one.request().id().equals(request));
    }

    private static UUID callOf(Waiting one) {
        CallBackDue due = one.due();
        return due == null ? one.request().id() : due.call().callId();
    }

    /**
     * @param first whether no other request of its number goes before it
     */
    private void consider(Waiting one, CallBackTerms terms, boolean first)
            throws JournalUnavailable {
        UUID request = one.request().id();
        if (calling.contains(request)) {
            return;
        }
        CallBackResult came = unwritten.get(request);
        if (came != null) {
            settle(one, came);
            return;
        }
        Instant now = clock.instant();
        CallBackPlaced called = one.placed();
        CallBackDue due = one.due();
        if (called != null && !called.by().equals(placing.get(request))) {
            if (called.at().plus(ABANDONED).isBefore(now)) {
                settle(one, CallBackResult.INTERRUPTED);
            }
            return;
        }
        if (due == null || due.at().plus(LATEST).isBefore(now)) {
            settle(one, CallBackResult.TOO_LATE);
            return;
        }
        Optional<CallBackTerms.Way> way = terms.way(due);
        if (way.isEmpty()) {
            settle(one, CallBackResult.NOT_DIALLED);
        } else if (!first) {
            settle(one, CallBackResult.ASKED_TWICE);
        } else if (isTime(one, due, way.get().line(), now) && isRoom()) {
            begin(one, due, way.get());
        }
    }

    private void settle(Waiting one, CallBackResult result) throws JournalUnavailable {
        CallBackResult _ = written(one, result);
    }

    /** After the caller has hung up, and not at night. */
    private boolean isTime(Waiting one, CallBackDue due, CallBackTerms.OfLine line, Instant now) {
        UUID call = due.call().callId();
        if (underWay.contains(call)) {
            boolean _ = overSince.remove(call) != null;
            return false;
        }
        long over = overSince.computeIfAbsent(call, _ -> nanos.getAsLong());
        // Whether a call on another node goes on is not known here.
        Duration after = one.here() ? line.after() : line.after().plus(ABANDONED);
        return nanos.getAsLong() - over >= after.toNanos()
                && line.hours().open(now.atZone(line.zone()));
    }

    private boolean isRoom() {
        long now = nanos.getAsLong();
        long hourAgo = now - HOUR.toNanos();
        boolean _ = placed.removeIf(at -> at - hourAgo < 0);
        return !closed
                && now - awayAt >= LOOK.toNanos()
                && here.open.getAsBoolean()
                && calling.size() < AT_ONCE
                && placed.size() < AN_HOUR;
    }

    private void begin(Waiting one, CallBackDue due, CallBackTerms.Way way) {
        long at = nanos.getAsLong();
        placed.addLast(at);
        calling.add(one.request().id());
        Thread.ofVirtual()
                .name("call-back")
                .start(() -> {
                    try {
                        if (isOurs(one, at)) {
                            caller.call(due, way, result -> came(one, result));
                        }
                    } catch (JournalUnavailable e) {
                        LOG.warn("a call back could not be recorded: {}", e.getMessage());
                    } catch (RuntimeException e) {
                        // Without its message, in which the number may stand.
                        LOG.error("a call back failed: {}", e.getClass().getName());
                    } finally {
                        stale = true;
                        calling.remove(one.request().id());
                    }
                });
    }

    /**
     * Whether it is for us to call. What the store may have taken without telling is asked again by
     * the same id; once that is certain nobody is called for it again, whatever comes of it.
     *
     * @param at what is given back of the hour's calls where none is made
     */
    private boolean isOurs(Waiting one, long at) throws JournalUnavailable {
        UUID request = one.request().id();
        UUID by = placing.computeIfAbsent(request, _ -> UUID.randomUUID());
        boolean ours = false;
        try {
            ours = store.place(one.request(), by, clock.instant(), PATIENCE);
            placing.remove(request);
            return ours;
        } catch (JournalUnavailable | RuntimeException e) {
            awayAt = nanos.getAsLong();
            throw e;
        } finally {
            if (!ours) {
                boolean _ = placed.remove(at);
            }
        }
    }

    /** Kept until it is written: nobody is called a second time for it. */
    private CallBackResult came(Waiting one, CallBackResult result) throws JournalUnavailable {
        CallBackResult came = closed ? CallBackResult.INTERRUPTED : result;
        unwritten.put(one.request().id(), came);
        return written(one, came);
    }

    private CallBackResult written(Waiting one, CallBackResult result) throws JournalUnavailable {
        CallBackResult written = store.settle(one.request(), result, clock.instant(), PATIENCE);
        unwritten.remove(one.request().id());
        told.accept(written);
        stale = true;
        return written;
    }

    /** No further call is begun; those under way end with SIP. */
    @Override
    public void close() {
        closed = true;
    }
}
