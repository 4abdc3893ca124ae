package org.consentgateway.sip.endpoint;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.consentgateway.sip.auth.Challenging;
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
import org.jspecify.annotations.Nullable;

/** SIP on some addresses: calls come in, calls go out. Thread-safe. */
public final class SipEndpoint implements AutoCloseable {
    private final Stack stack;
    private final DialogTable dialogs;
    private final KnownSources sources;
    private final AtomicBoolean draining;
    private final LiveCounters tally;
    private final List<Registering> registrations;
    private volatile List<OptionsWatch> watches = List.of();

    private SipEndpoint(
            Stack stack,
            DialogTable dialogs,
            KnownSources sources,
            LiveCounters tally,
            AtomicBoolean draining) {
        this.stack = stack;
        this.dialogs = dialogs;
        this.sources = sources;
        this.tally = tally;
        this.draining = draining;
        this.registrations =
                stack.settings.accounts().stream()
                        .map(account -> new Registering(stack, sources, account))
                        .toList();
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
        LiveCounters tally = new LiveCounters();
        DialogTable dialogs = new DialogTable();
        KnownSources sources = new KnownSources(settings.trunks());
        AtomicBoolean draining = new AtomicBoolean();
        LongSupplier nanos = machine.nanos();
        UnacknowledgedCalls unacknowledged =
                new UnacknowledgedCalls(settings.limits().unacknowledged(), nanos);
        AtomicReference<@Nullable Stack> running = new AtomicReference<>();
        Screen screen =
                new Screen(
                        new Screen.Rates(
                                settings.limits().invitesPerSource(),
                                settings.limits().requestsPerSource()),
                        settings.t1(),
                        tally,
                        sources,
                        new TrafficOfCalls(handler, draining, unacknowledged, dialogs, running),
                        nanos);
        NewCallChecks checks =
                new NewCallChecks(
                        dialogs, handler, draining::get, settings.minSessionExpires().toSeconds());
        UasCore.Rules rules =
                new UasCore.Rules(
                        checks,
                        new Challenging(nanos),
                        settings.accounts(),
                        draining::get,
                        unacknowledged);
        UasCore uas = new UasCore(dialogs, sources, tally, screen, handler, rules);
        MessageListener listener = new MessageListener(dialogs, tally, uas);
        SipTrace trace = new SipTrace(machine.clock(), sources, tally);
        ScreenedNetwork network = new ScreenedNetwork(settings, sources, tally, screen, nanos);
        Stack stack = new Stack(settings, network, machine, trace, tally, listener);
        listener.open(stack);
        running.set(stack);
        SipEndpoint endpoint = new SipEndpoint(stack, dialogs, sources, tally, draining);
        endpoint.registrations.stream()
                .filter(one -> one.account().registers())
                .forEach(one -> stack.later(0, one::register));
        return endpoint;
    }

    /** What the screen asks of the calls there are. Thread-safe. */
    private record TrafficOfCalls(
            CallHandler handler,
            AtomicBoolean draining,
            UnacknowledgedCalls unacknowledged,
            DialogTable dialogs,
            AtomicReference<@Nullable Stack> running)
            implements Screen.Traffic {
        @Override
        public CallAdmission door(String trunk) {
            if (draining.get()) {
                return new CallAdmission.Draining();
            }
            CallAdmission door = handler.door(trunk);
            if (door instanceof CallAdmission.Full) {
                unacknowledged.relieve(trunk);
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
        public int transactions() {
            Stack stack = running.get();
            return stack == null ? 0 : stack.transactions();
        }
    }

    /** Calls somebody. Returns at once; what becomes of it is told to {@code events}. */
    public OutgoingCall dial(OutgoingCall.Dial dial, OutgoingCall.Events events) {
        Registering account =
                registrations.stream()
                        .filter(one -> one.account().trunk().equals(dial.trunk()))
                        .findFirst()
                        .orElse(null);
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

    /** The addresses listened on, in the order of the settings. */
    public List<InetSocketAddress> listening() {
        return stack.listening();
    }

    public SipCounters counters() {
        return tally.snapshot(dialogs(), transactions());
    }

    /** Dialogs there are, of all legs. */
    public int dialogs() {
        return dialogs.size();
    }

    /** Transactions kept; finished ones for 32 s (RFC 3261 §17). */
    public int transactions() {
        return stack.transactions();
    }

    /** The messages of one call, without what names a person; none if it is forgotten. */
    public List<SipStep> ladder(UUID call) {
        return stack.trace.ladder(call);
    }

    /** How each account stands, in the order of the settings. */
    public List<Registered> registrations() {
        return registrations.stream()
                .filter(one -> one.account().registers())
                .map(Registering::state)
                .toList();
    }

    /**
     * Watches these instead of those before.
     *
     * @param interval between two OPTIONS to each of their servers
     */
    public void watch(List<Watched> targets, Duration interval) {
        watches.forEach(OptionsWatch::stop);
        watches = targets.stream().map(target -> new OptionsWatch(stack, sources, target)).toList();
        watches.forEach(watch -> stack.later(0, () -> watch.every(interval)));
    }

    /** How those watched stand, in their order. Never waits. */
    public List<TargetState> targets() {
        return watches.stream().map(this::state).toList();
    }

    /**
     * Asks those of this name at once; may wait for the DNS.
     *
     * @return how they stand then; none if nobody of this name is watched
     */
    public CompletableFuture<List<TargetState>> probe(String name) {
        List<OptionsWatch> named =
                watches.stream().filter(watch -> watch.watched().name().equals(name)).toList();
        return CompletableFuture.allOf(
                        named.stream().map(OptionsWatch::probe).toArray(CompletableFuture[]::new))
                .thenApply(_ -> named.stream().map(this::state).toList());
    }

    private TargetState state(OptionsWatch watch) {
        boolean trunk = watch.watched().kind() == Watched.Kind.TRUNK;
        return watch.state(trunk ? sources.heard(watch.watched().name()) : null);
    }

    /** Stops at once: calls still there are not ended by it. Registrations are taken back. */
    @Override
    public void close() {
        registrations.forEach(Registering::unregister);
        stack.close();
    }
}
