package org.consentgateway.webhook;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.consentgateway.ledger.outbox.EventOutbox;
import org.consentgateway.ledger.outbox.Message;
import org.consentgateway.ledger.outbox.Settled;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what waits in the outbox, with the senders of all other nodes. Its turns are confined to
 * one thread; its figures are thread-safe.
 *
 * <p>An endpoint that fails is left alone for a while and then asked with one message, another one
 * each time, until it takes one: an outage costs a request now and then, and no message, and what
 * it cannot take of one person holds back nobody else's.
 */
public final class WebhookSender {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);

    /**
     * Longer than any attempt may take ({@link Delivery#MOST_TIME} and a timeout, 30 s at most):
     * nobody else sends it meanwhile.
     */
    static final Duration LEASE = Duration.ofMinutes(2);

    /** At once to one endpoint; urgent ones have places of their own. */
    static final int AT_ONCE = 16;

    /** What is refused so often is given up, so that the rest of that person's goes on. */
    static final int MOST_REFUSALS = 10;

    /** Given up where a receiver finds fault with the message itself. */
    private static final Set<Integer> REFUSALS = Set.of(400, 413, 415, 422);

    private static final int GONE = 410;

    private final EventOutbox outbox;
    private final Announcements announcements;
    private final Delivery delivery;
    private final Acknowledged acknowledged;
    private final String node;
    private final Work work;
    private final Map<String, Course> courses = new HashMap<>();
    private final WebhookTotals totals;

    /** What was tried and is not settled yet. */
    private final ConcurrentLinkedQueue<Tried> tried = new ConcurrentLinkedQueue<>();

    private final List<Settled> unsettled = new ArrayList<>();

    /** Positions of what is under way here. */
    private final Set<Long> inHand = new HashSet<>();

    private boolean started;

    /**
     * Whom the sender has work for it, and by which clock.
     *
     * @param sending runs attempts, which wait for their answers
     * @param clock does not go back: what is due then has to come due
     * @param doubtful whether the machine's clock was set ahead: receivers may refuse what is
     *     signed by it, or by the time of before
     */
    public record Work(
            Executor sending,
            InstantSource clock,
            BooleanSupplier doubtful,
            RandomGenerator random) {}

    /** Notes whether a holder of data has learned that a consent ended, or of an erasure. */
    @FunctionalInterface
    public interface Acknowledged {
        /**
         * @param status of its answer
         */
        void by(Endpoint endpoint, Message message, int status) throws LedgerUnavailable;

        /** It has refused the message for good: a person has to tell it. */
        default void never(Endpoint endpoint, Message message) throws LedgerUnavailable {}
    }

    private record Tried(Message message, Endpoint endpoint, Poster.Response answer) {}

    /** A field of what a message tells; empty where it has none. */
    public static String field(Message message, String name) {
        return CloudEvent.field(message, name);
    }

    /** How an endpoint is doing. */
    private static final class Course {
        private int sending;
        private int sendingUrgent;
        private int failures;
        private Instant pausedUntil = Instant.MIN;
        private boolean disabled;
    }

    /**
     * @param node whose claims these are
     */
    public WebhookSender(
            EventOutbox outbox,
            Announcements announcements,
            Delivery delivery,
            Acknowledged acknowledged,
            String node,
            Work work) {
        this.outbox = outbox;
        this.announcements = announcements;
        this.delivery = delivery;
        this.acknowledged = acknowledged;
        this.node = node;
        this.work = work;
        this.totals = new WebhookTotals(announcements);
        announcements.endpoints().forEach(each -> courses.put(each.name(), new Course()));
    }

    public WebhookTotals totals() {
        return totals;
    }

    /**
     * Settles what was tried, claims what is due and has it sent. Returns at once.
     *
     * @return whether there was anything to do
     */
    public boolean turn() throws LedgerUnavailable {
        if (!started) {
            outbox.release(node); // what this node had in hand when it died
            started = true;
        }
        Instant now = work.clock().instant();
        boolean settled = settle(now);
        List<EventOutbox.Wanted> wanted = new ArrayList<>();
        for (Endpoint endpoint : announcements.endpoints()) {
            want(endpoint, course(endpoint), now, wanted);
        }
        List<Message> claimed =
                wanted.isEmpty() ? List.of() : outbox.claim(wanted, node, now, LEASE);
        for (Message message : claimed) {
            // Else an attempt of this node's goes on though its lease was over: it has it again.
            if (inHand.add(message.position())) {
                send(message);
            }
        }
        return settled || !claimed.isEmpty();
    }

    private Course course(Endpoint endpoint) {
        return courses.computeIfAbsent(endpoint.name(), _ -> new Course());
    }

    private static void want(
            Endpoint endpoint, Course course, Instant now, List<EventOutbox.Wanted> wanted) {
        if (course.disabled || now.isBefore(course.pausedUntil)) {
            return;
        }
        boolean fails = course.failures > 0;
        int atOnce = fails ? 1 : AT_ONCE;
        String name = endpoint.name();
        if (course.sendingUrgent < atOnce) {
            wanted.add(new EventOutbox.Wanted(name, true, atOnce - course.sendingUrgent, fails));
        }
        if (course.sending < atOnce) {
            wanted.add(new EventOutbox.Wanted(name, false, atOnce - course.sending, fails));
        }
    }

    private void send(Message message) {
        Endpoint endpoint = endpoint(message.recipient());
        count(message, 1);
        work.sending()
                .execute(() -> {
                    Poster.Response answer;
                    try {
                        answer = delivery.of(message, endpoint);
                    } catch (RuntimeException e) {
                        LOG.error("a message to {} cannot be sent", endpoint.name(), e);
                        answer = new Poster.Response.Failed(e.getClass().getSimpleName());
                    }
                    tried.add(new Tried(message, endpoint, answer));
                });
    }

    private Endpoint endpoint(String name) {
        return announcements.endpoints().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void count(Message message, int more) {
        Course course = course(endpoint(message.recipient()));
        if (message.urgent()) {
            course.sendingUrgent += more;
        } else {
            course.sending += more;
        }
    }

    private boolean settle(Instant now) throws LedgerUnavailable {
        for (Tried one = tried.poll(); one != null; one = tried.poll()) {
            count(one.message(), -1);
            inHand.remove(one.message().position());
            unsettled.add(outcome(one, now));
        }
        if (unsettled.isEmpty()) {
            return false;
        }
        // Kept here until the store has taken it: what was delivered would be sent again.
        outbox.settle(List.copyOf(unsettled), node, now);
        unsettled.clear();
        return true;
    }

    private Settled outcome(Tried one, Instant now) throws LedgerUnavailable {
        return switch (one.answer()) {
            case Poster.Response.Failed failed -> again(one, failed.why(), 0, now, "failed");
            case Poster.Response.HttpStatus status -> outcome(one, status, now);
            case Poster.Response.Unfit unfit -> refused(one, unfit.why(), 0, now);
            case Poster.Response.NotWanted() -> {
                // Nobody has learned of it, so nothing is acknowledged.
                totals.count(one.endpoint().name(), "not_wanted");
                yield new Settled.Delivered(one.message(), "not wanted");
            }
        };
    }

    private Settled outcome(Tried one, Poster.Response.HttpStatus status, Instant now)
            throws LedgerUnavailable {
        int code = status.code();
        String result = Integer.toString(code);
        if (status.taken()) {
            return delivered(one, code);
        }
        if (code == GONE) {
            course(one.endpoint()).disabled = true;
            outbox.disable(one.endpoint().name(), "410 Gone", now);
            LOG.warn(
                    "webhook {} answers 410 Gone: nothing more is sent until it is enabled again",
                    one.endpoint().name());
            totals.count(one.endpoint().name(), "gone");
            // An attempt all the same: some of its requests may have been taken.
            return new Settled.Again(one.message(), result, now);
        }
        if (REFUSALS.contains(code)) {
            return refused(one, result, status.retryAfter(), now);
        }
        return again(one, result, status.retryAfter(), now, "failed");
    }

    /** The message is to blame: others go on. */
    private Settled refused(Tried one, String why, long asked, Instant now) {
        totals.count(one.endpoint().name(), "refused");
        int refusals = one.message().refusals() + 1;
        if (refusals >= MOST_REFUSALS && !work.doubtful().getAsBoolean()) {
            return givenUp(one, why);
        }
        Duration pause = RetrySchedule.after(refusals, asked, work.random());
        return new Settled.TurnedDown(one.message(), why, now.plus(pause));
    }

    /** It stays in the outbox, and whoever holds data and was not told is a person's to tell. */
    private Settled givenUp(Tried one, String why) {
        if (one.message().urgent()) {
            try {
                acknowledged.never(one.endpoint(), one.message());
            } catch (LedgerUnavailable e) {
                // Sent again, so that it is recorded with the next refusal.
                return new Settled.Released(one.message());
            }
        }
        LOG.warn(
                "webhook {} does not take message {}: {}",
                one.endpoint().name(),
                one.message().id(),
                why);
        return new Settled.GivenUp(one.message(), why);
    }

    private Settled delivered(Tried one, int code) {
        Course course = course(one.endpoint());
        if (course.failures > 0) {
            LOG.info("webhook {} takes messages again", one.endpoint().name());
        }
        course.failures = 0;
        course.pausedUntil = Instant.MIN;
        totals.count(one.endpoint().name(), "delivered");
        if (one.message().urgent()) {
            try {
                acknowledged.by(one.endpoint(), one.message(), code);
            } catch (LedgerUnavailable e) {
                // Sent again, so that its receipt is recorded: it is known by its id.
                return new Settled.Released(one.message());
            }
        }
        return new Settled.Delivered(one.message(), Integer.toString(code));
    }

    /** The endpoint is to blame: all that goes to it waits. */
    private Settled again(Tried one, String why, long asked, Instant now, String counted) {
        Course course = course(one.endpoint());
        totals.count(one.endpoint().name(), counted);
        if (!now.isBefore(course.pausedUntil)) { // else one of those that were under way together
            if (course.failures++ == 0) {
                LOG.warn("webhook {} fails: {}", one.endpoint().name(), why);
            }
            course.pausedUntil =
                    now.plus(RetrySchedule.after(course.failures, asked, work.random()));
        } else if (asked > 0) {
            Instant later = now.plus(RetrySchedule.after(1, asked, work.random()));
            course.pausedUntil = later.isAfter(course.pausedUntil) ? later : course.pausedUntil;
        }
        // It may be the only one that fails: tried as often as the endpoint takes others, it would
        // have all of them wait each time.
        int attempts = one.message().attempts() + 1;
        Duration pause = RetrySchedule.after(attempts, asked, work.random());
        return new Settled.Again(one.message(), why, now.plus(pause));
    }

    /** Every few seconds: how much waits, who has no more room, and who was disabled elsewhere. */
    public void look() throws LedgerUnavailable {
        Instant now = work.clock().instant();
        List<String> names = announcements.endpoints().stream().map(Endpoint::name).toList();
        Set<String> full = new HashSet<>();
        for (EventOutbox.Backlog standing : outbox.standings(names, now)) {
            Endpoint endpoint = endpoint(standing.recipient());
            course(endpoint).disabled = !standing.disabled().isEmpty();
            totals.standing(standing);
            // What it has refused for good takes its room until somebody sends it again.
            long kept = standing.waiting() + standing.givenUp();
            if (kept >= endpoint.reach().mostWaiting()) {
                full.add(endpoint.name());
                if (!totals.wasFull(endpoint.name())) {
                    LOG.error(
                            "webhook {}: {} messages wait and {} were never taken, no more are kept"
                                    + " but ends of consents",
                            endpoint.name(),
                            standing.waiting(),
                            standing.givenUp());
                }
            }
        }
        totals.full(full);
        announcements.full(full);
    }

    /** Lets go what was delivered so long ago. */
    public void purge(Duration keep) throws LedgerUnavailable {
        Instant now = work.clock().instant();
        outbox.purge(now.minus(keep), now);
    }

    /** At the end: settles what is known by now; what is still under way others take over. */
    public void stop(BiConsumer<String, Exception> failed) {
        try {
            boolean _ = settle(work.clock().instant());
            outbox.release(node);
        } catch (LedgerUnavailable e) {
            failed.accept("webhooks not settled", e);
        }
    }
}
