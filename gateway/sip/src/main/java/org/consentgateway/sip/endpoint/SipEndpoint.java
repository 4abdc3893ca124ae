package org.consentgateway.sip.endpoint;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.consentgateway.sip.auth.Challenging;
import org.consentgateway.sip.capture.Capture;
import org.consentgateway.sip.capture.CaptureAgent;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.counters.SipCounters;
import org.consentgateway.sip.dialog.DialogTable;
import org.consentgateway.sip.dialog.InviteClient;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.registration.OptionsWatch;
import org.consentgateway.sip.registration.Registered;
import org.consentgateway.sip.registration.Registering;
import org.consentgateway.sip.registration.TargetState;
import org.consentgateway.sip.registration.Watched;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.sip.screen.Screen;
import org.consentgateway.sip.screen.UnacknowledgedCalls;
import org.consentgateway.sip.transport.ClockAndDns;
import org.consentgateway.sip.transport.ScreenedNetwork;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.sip.transport.SipStep;
import org.consentgateway.sip.transport.SipTrace;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.trunk.KnownSources;
import org.consentgateway.sip.trunk.Trunk;
import org.jspecify.annotations.Nullable;

/** SIP on some addresses: calls come in, calls go out. Thread-safe. */
public final class SipEndpoint implements AutoCloseable {
    /** How often it is looked whether a trunk that is gone has calls still. */
    private static final long SWEEP_MILLIS = 1000;

    private final Stack stack;
    private final DialogTable dialogs;
    private final KnownSources sources;
    private final AtomicBoolean draining;
    private final Accounts accounts;
    private final Thresholds thresholds;
    private volatile Watching watching = new Watching(List.of(), Duration.ZERO);

    /** What turns away those who send too much. */
    private record Thresholds(
            Screen screen, UnacknowledgedCalls unacknowledged, LiveCounters tally) {}

    /** Who is asked how often whether they are there. */
    private record Watching(List<OptionsWatch> watches, Duration interval) {}

    private SipEndpoint(
            Stack stack,
            DialogTable dialogs,
            KnownSources sources,
            Thresholds thresholds,
            Accounts accounts,
            AtomicBoolean draining) {
        this.stack = stack;
        this.dialogs = dialogs;
        this.sources = sources;
        this.thresholds = thresholds;
        this.accounts = accounts;
        this.draining = draining;
    }

    /**
     * Listens from now on.
     *
     * @param nanos a clock that never goes back
     * @throws IOException if an address cannot be listened on; nothing is left open then
     */
    public static SipEndpoint start(SipSettings settings, CallHandler handler, LongSupplier nanos)
            throws IOException {
        return start(settings, handler, ClockAndDns.real(nanos));
    }

    /** The same on another machine than this: with its own time and name servers. */
    public static SipEndpoint start(SipSettings settings, CallHandler handler, ClockAndDns machine)
            throws IOException {
        return start(settings, handler, machine, _ -> true);
    }

    /**
     * The same where several nodes share accounts.
     *
     * @param here names of the trunks that this one keeps registered, until {@link #registerHere}
     */
    public static SipEndpoint start(
            SipSettings settings, CallHandler handler, ClockAndDns machine, Predicate<String> here)
            throws IOException {
        LiveCounters tally = new LiveCounters(machine.nanos());
        DialogTable dialogs = new DialogTable();
        KnownSources sources = new KnownSources(settings.trunks());
        AtomicBoolean draining = new AtomicBoolean();
        LongSupplier nanos = machine.nanos();
        UnacknowledgedCalls unacknowledged =
                new UnacknowledgedCalls(settings.limits().unacknowledged(), nanos);
        AtomicReference<@Nullable Stack> running = new AtomicReference<>();
        Accounts accounts = new Accounts(sources, dialogs, here);
        AddressedTrunk addressed = new AddressedTrunk(sources, accounts, handler);
        Screen screen =
                new Screen(
                        new Screen.Rates(
                                settings.limits().invitesPerSource(),
                                settings.limits().requestsPerSource()),
                        settings.t1(),
                        tally,
                        sources,
                        new TrafficOfCalls(
                                handler, addressed, draining, unacknowledged, dialogs, running),
                        nanos);
        NewCallChecks checks =
                new NewCallChecks(
                        dialogs, handler, draining::get, settings.minSessionExpires().toSeconds());
        UasCore.Rules rules =
                new UasCore.Rules(
                        checks, new Challenging(nanos), addressed, draining::get, unacknowledged);
        UasCore uas = new UasCore(dialogs, sources, tally, screen, handler, rules);
        MessageListener listener = new MessageListener(dialogs, tally, uas);
        ScreenedNetwork network = new ScreenedNetwork(settings, sources, tally, screen, nanos);
        Capture capture =
                settings.capture().isPresent()
                        ? CaptureAgent.start(settings.capture().get(), machine.clock())
                        : Capture.NONE;
        SipTrace trace = new SipTrace(machine.clock(), addressed::of, tally, capture);
        Stack stack;
        try {
            stack = new Stack(settings, network, machine, trace, tally, listener);
        } catch (IOException e) {
            trace.close();
            throw e;
        }
        listener.open(stack);
        running.set(stack);
        accounts.use(stack, settings.accounts());
        return new SipEndpoint(
                stack,
                dialogs,
                sources,
                new Thresholds(screen, unacknowledged, tally),
                accounts,
                draining);
    }

    /**
     * Goes by these trunks, accounts and limits from now on, and shows and believes these
     * certificates from the next handshake on; what else the settings say counts at a start. Calls
     * under way go on, also those of a trunk that is gone: its new calls get 403 until the last of
     * those has ended, and then no answer.
     *
     * @param certificates made of {@link SipSettings#tls}
     */
    public void change(SipSettings next, SSLContext certificates) {
        stack.network.use(certificates);
        stack.network.limit(next.limits());
        thresholds
                .screen()
                .limit(
                        new Screen.Rates(
                                next.limits().invitesPerSource(),
                                next.limits().requestsPerSource()));
        thresholds.unacknowledged().limit(next.limits().unacknowledged());
        sources.change(next.trunks(), accounts.leaveRegistrars(next.accounts()));
        accounts.use(stack, next.accounts());
        stack.later(stack.patience(), this::sweep);
    }

    /** Late messages of a call that has ended are still met; then its trunk is a stranger. */
    private void sweep() {
        if (sources.left(trunk -> dialogs.has(leg -> leg.cameBy(trunk)))) {
            stack.later(SWEEP_MILLIS, this::sweep);
        }
    }

    /** What the screen asks of the calls there are. Thread-safe. */
    private record TrafficOfCalls(
            CallHandler handler,
            AddressedTrunk addressed,
            AtomicBoolean draining,
            UnacknowledgedCalls unacknowledged,
            DialogTable dialogs,
            AtomicReference<@Nullable Stack> running)
            implements Screen.Traffic {
        @Override
        public Trunk addressed(List<Trunk> all, String requestUri) {
            return addressed.of(all, requestUri);
        }

        @Override
        public boolean serves(Trunk trunk, String requestUri) {
            return addressed.serves(trunk, requestUri);
        }

        @Override
        public CallAdmission door(String trunk, boolean proven) {
            if (draining.get()) {
                return new CallAdmission.Draining();
            }
            CallAdmission door = handler.door(trunk, proven);
            // Where the machine is busy ACKs are late, and no place that is given up helps it.
            if (door instanceof CallAdmission.Full full && full.limit().isOfPlaces()) {
                unacknowledged.relieve(trunk, proven);
            }
            return door;
        }

        @Override
        public void cancelled(long invite) {
            unacknowledged.cancelled(invite);
        }

        @Override
        public boolean has(String callId, String localTag) {
            return dialogs.leg(callId, localTag) != null;
        }

        @Override
        public boolean awaits(String branch) {
            Stack stack = running.get();
            return stack != null && stack.awaits(branch);
        }

        @Override
        public void unreadable(String branch, String method, int status) {
            Stack stack = running.get();
            if (stack != null) {
                stack.unreadable(branch, method, status);
            }
        }

        @Override
        public int transactions() {
            Stack stack = running.get();
            return stack == null ? 0 : stack.transactions();
        }
    }

    /** Calls somebody. Returns at once; what becomes of it is told to {@code events}. */
    public OutgoingCall dial(OutgoingCall.Dial dial, OutgoingCall.Events events) {
        Registering account = accounts.of(dial.trunk());
        InviteClient call = new InviteClient(stack, dialogs, sources, dial, account, events);
        try {
            stack.threads.execute(call::start);
        } catch (RejectedExecutionException closed) {
            events.refused(503);
        }
        return call;
    }

    /** From now on 503 to new calls and to OPTIONS; calls under way go on. */
    public void drain() {
        draining.set(true);
    }

    /**
     * Returns when what was lost on its way at the end of the last call has come again: a BYE is
     * repeated after T1 and after three of them (RFC 3261 §17.1.2.2), theirs for our answer, ours
     * for theirs. At once where there was no call lately.
     */
    public void settle() throws InterruptedException {
        if (dialogs() > 0) {
            var settled = new CountDownLatch(1);
            stack.later(4 * stack.t1(), settled::countDown);
            settled.await();
        }
    }

    /** The addresses listened on, in the order of the settings. */
    public List<InetSocketAddress> listening() {
        return stack.listening();
    }

    public SipCounters counters() {
        return thresholds.tally().snapshot(dialogs(), transactions(), stack.trace.captured());
    }

    /** Dialogs there are, of all legs. */
    public int dialogs() {
        return dialogs.size();
    }

    /** Whether messages are read no more, which only a restart mends. */
    public boolean isStuck() {
        return stack.isStuck();
    }

    /** Transactions kept; finished ones for 32 s (RFC 3261 §17). */
    public int transactions() {
        return stack.transactions();
    }

    /** The messages of one call, without what names a person; none if it is forgotten. */
    public List<SipStep> ladder(UUID call) {
        return stack.trace.ladder(call);
    }

    /** Names of the trunks that some node has to keep registered. */
    public Set<String> toRegister() {
        return accounts.toRegister();
    }

    /** Keeps these trunks registered from now on, and leaves the others to other nodes. */
    public void registerHere(Set<String> trunks) {
        accounts.registerHere(stack, trunks);
    }

    /** How each account stands that is kept registered here, in the order of the settings. */
    public List<Registered> registrations() {
        return accounts.states();
    }

    /**
     * Watches these instead of those before; what is known of those who stay is kept.
     *
     * @param interval between two OPTIONS to each of their servers; zero: nobody is asked
     */
    public synchronized void watch(List<Watched> targets, Duration interval) {
        List<OptionsWatch> before = new ArrayList<>(watching.watches());
        List<OptionsWatch> next = new ArrayList<>();
        List<OptionsWatch> begun = new ArrayList<>();
        for (Watched target : interval.isZero() ? List.<Watched>of() : targets) {
            OptionsWatch known =
                    before.stream()
                            .filter(each -> each.watched().equals(target))
                            .filter(_ -> interval.equals(watching.interval()))
                            .findFirst()
                            .orElse(null);
            if (known == null) {
                known = new OptionsWatch(stack, sources, target);
                begun.add(known);
            }
            before.remove(known);
            next.add(known);
        }
        watching = new Watching(List.copyOf(next), interval);
        before.forEach(OptionsWatch::stop);
        begun.forEach(watch -> stack.later(0, () -> watch.every(interval)));
    }

    /** How those watched stand, in their order. Never waits. */
    public List<TargetState> targets() {
        return watching.watches().stream().map(this::state).toList();
    }

    /**
     * Asks those of this name at once; may wait for the DNS.
     *
     * @return how they stand then; none if nobody of this name is watched
     */
    public CompletableFuture<List<TargetState>> probe(String name) {
        List<OptionsWatch> named =
                watching.watches().stream()
                        .filter(watch -> watch.watched().name().equals(name))
                        .toList();
        return CompletableFuture.allOf(
                        named.stream().map(OptionsWatch::probe).toArray(CompletableFuture[]::new))
                .thenApply(_ -> named.stream().map(this::state).toList());
    }

    private TargetState state(OptionsWatch watch) {
        boolean trunk = watch.watched().kind() == Watched.Kind.TRUNK;
        return watch.state(trunk ? sources.heard(watch.watched().name()) : null);
    }

    /**
     * Stops at once: calls still there are not ended by it. Registrations are taken back, and for
     * the answers to that up to a second is waited.
     */
    @Override
    public void close() {
        accounts.close();
        stack.close();
    }
}
