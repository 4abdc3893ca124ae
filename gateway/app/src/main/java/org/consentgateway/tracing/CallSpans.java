package org.consentgateway.tracing;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.consent.Decision;
import org.consentgateway.tracing.TracedCall.Moment;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the thread that exports. Makes the spans of a call that is over.
 *
 * <pre>
 * call ├────────────────────────────────────────────────────────┤
 * ring ├──┤
 * opening └─────────┤
 * question          └──────────┤
 * commit                    ├──┤
 * dial                         ├─────────┤   its id is known to the assistant
 * bridge                                 ├──────────────────────┤
 * </pre>
 *
 * A span that ends with the call was cut short by it.
 */
final class CallSpans {
    private final CallIds ids = new CallIds();
    private final EndedSpans made = new EndedSpans();
    private final Tracer tracer;

    /**
     * @param version of this process
     */
    CallSpans(String node, String version) {
        Attributes who =
                Attributes.of(
                        stringKey("service.name"), "consent-gateway",
                        stringKey("service.instance.id"), node,
                        stringKey("service.version"), version);
        tracer =
                SdkTracerProvider.builder()
                        .setIdGenerator(ids)
                        .setSampler(Sampler.alwaysOn())
                        .setResource(Resource.create(who))
                        .addSpanProcessor(made)
                        .build()
                        .get("org.consentgateway");
    }

    List<SpanData> of(TracedCall call) {
        ids.of(call.id());
        Span root =
                tracer.spanBuilder("call")
                        .setNoParent()
                        .setSpanKind(SpanKind.SERVER)
                        .setStartTimestamp(call.begun())
                        .setAllAttributes(attributes(call.outcome()))
                        .startSpan();
        var spans = new Children(call, Context.root().with(root));
        spans.ring();
        spans.untilDecided();
        spans.commits();
        spans.dial();
        spans.bridge();
        call.moments().forEach(moment -> event(root, moment));
        if (isOurFailure(call.outcome())) {
            root.setStatus(StatusCode.ERROR, call.outcome().name());
        }
        root.end(call.ended());
        return made.take();
    }

    /** Confined to one call. */
    private final class Children {
        private final TracedCall call;
        private final Context parent;

        Children(TracedCall call, Context parent) {
            this.call = call;
            this.parent = parent;
        }

        void ring() {
            @Nullable Instant answered = call.outcome().trail().facts().answeredAt();
            span("ring", call.begun(), answered == null ? call.ended() : answered);
        }

        void untilDecided() {
            Instant decided =
                    call.first(CallSpans::decides)
                            .or(() -> call.first(CallEvent.Joined.class::isInstance))
                            .map(Moment::at)
                            .orElse(call.ended());
            Optional<Instant> asked =
                    call.moments().stream()
                            .map(Moment::event)
                            .filter(CallEvent.QuestionServed.class::isInstance)
                            .map(event -> ((CallEvent.QuestionServed) event).at())
                            .findFirst();
            call.first(CallEvent.FirstAudio.class::isInstance)
                    .ifPresent(heard -> span("opening", heard.at(), asked.orElse(decided)));
            asked.ifPresent(at -> span("question", at, decided));
        }

        /** How long the call waited for the store each time. */
        void commits() {
            for (Moment moment : call.moments()) {
                if (moment.event() instanceof CallEvent.Committed(_, var durable, var took)) {
                    span(
                            "commit",
                            moment.at().minus(took),
                            moment.at(),
                            Attributes.of(booleanKey("consent.durable"), durable));
                }
            }
        }

        /** From the consent on; until the call ends where nobody knows what came of it. */
        void dial() {
            Optional<Moment> granted = call.first(CallSpans::grants);
            if (granted.isEmpty()) {
                return;
            }
            Instant from = granted.get().at();
            ids.nextDials();
            Optional<CallEvent.AssistantDialled> dialled =
                    call.first(CallEvent.AssistantDialled.class::isInstance)
                            .map(moment -> (CallEvent.AssistantDialled) moment.event());
            span(
                    "dial",
                    from,
                    dialled.map(event -> from.plus(event.took())).orElse(call.ended()),
                    dialled.map(event ->
                                    Attributes.of(booleanKey("consent.answered"), event.answered()))
                            .orElse(Attributes.empty()));
        }

        void bridge() {
            call.first(CallEvent.Joined.class::isInstance).ifPresent(this::bridge);
        }

        private void bridge(Moment joined) {
            CallEvent.Whom whom = ((CallEvent.Joined) joined.event()).whom();
            Instant until =
                    switch (call.outcome()) {
                        case CallOutcome.Assisted assisted -> joined.at().plus(assisted.talk());
                        default ->
                                call.first(CallSpans::endsTheTalk)
                                        .map(Moment::at)
                                        .orElse(call.ended());
                    };
            span(
                    "bridge",
                    joined.at(),
                    until,
                    Attributes.of(stringKey("consent.with"), word(whom)));
        }

        private void span(String name, Instant from, Instant until) {
            span(name, from, until, Attributes.empty());
        }

        /** Clocks are set; nothing ends before it begins. */
        private void span(String name, Instant from, Instant until, Attributes attributes) {
            tracer.spanBuilder(name)
                    .setParent(parent)
                    .setSpanKind(name.equals("dial") ? SpanKind.CLIENT : SpanKind.INTERNAL)
                    .setStartTimestamp(from)
                    .setAllAttributes(attributes)
                    .startSpan()
                    .end(until.isBefore(from) ? from : until);
        }
    }

    private static boolean decides(CallEvent event) {
        return switch (event) {
            case CallEvent.Decided _,
                    CallEvent.Reaffirmed _,
                    CallEvent.Used _,
                    CallEvent.Abandoned _ ->
                    true;
            default -> false;
        };
    }

    /** A human may come behind it. */
    private static boolean endsTheTalk(CallEvent event) {
        return event instanceof CallEvent.AssistantGone || event instanceof CallEvent.Cut;
    }

    private static boolean grants(CallEvent event) {
        return switch (event) {
            case CallEvent.Decided decided -> decided.decision() instanceof Decision.Given;
            case CallEvent.Reaffirmed _, CallEvent.Used _ -> true;
            default -> false;
        };
    }

    /** What has a time and no length. */
    private static void event(Span root, Moment moment) {
        switch (moment.event()) {
            case CallEvent.Decided(_, _, _, var decision, var method, _) ->
                    root.addEvent(
                            "decided",
                            Attributes.of(
                                    stringKey("consent.decision"),
                                    decision.getClass().getSimpleName().toLowerCase(Locale.ROOT),
                                    stringKey("consent.method"),
                                    word(method)),
                            moment.at());
            case CallEvent.Reaffirmed _ -> root.addEvent("reaffirmed", moment.at());
            case CallEvent.Used _ -> root.addEvent("used", moment.at());
            case CallEvent.Abandoned _ -> root.addEvent("abandoned", moment.at());
            case CallEvent.Withdrawn _ -> root.addEvent("withdrawn", moment.at());
            case CallEvent.ConsentEnded _ -> root.addEvent("consent ended", moment.at());
            case CallEvent.Cut _ -> root.addEvent("cut", moment.at());
            case CallEvent.GateRefused _ -> root.addEvent("gate refused", moment.at());
            case CallEvent.OpeningUnheard _ -> root.addEvent("opening unheard", moment.at());
            case CallEvent.PurposeDecided(_, var purpose, var state) ->
                    root.addEvent(
                            "purpose",
                            Attributes.of(
                                    stringKey("consent.purpose"), purpose.id(),
                                    stringKey("consent.decision"), word(state)),
                            moment.at());
            default -> {
                // a span, or nothing to see
            }
        }
    }

    /** Names of ours only: whatever a caller could choose is missing. */
    private static Attributes attributes(CallOutcome outcome) {
        CallOutcome.Trail trail = outcome.trail();
        AttributesBuilder attributes =
                Attributes.builder()
                        .put("consent.call_id", trail.facts().callId().toString())
                        .put("consent.line", trail.facts().line())
                        .put("consent.trunk", trail.facts().trunk())
                        .put("consent.outcome", outcome.name());
        if (!trail.language().isEmpty()) {
            attributes.put("consent.language", trail.language());
            attributes.put("consent.notice", trail.noticeVersion() + trail.variant());
        }
        return switch (outcome) {
            case CallOutcome.Unanswered(_, var reason, _) ->
                    attributes.put("consent.reason", word(reason)).build();
            case CallOutcome.Failed(_, var error) -> attributes.put("error.type", error).build();
            default -> attributes.build();
        };
    }

    private static boolean isOurFailure(CallOutcome outcome) {
        return switch (outcome) {
            case CallOutcome.Failed _,
                    CallOutcome.StoreDown _,
                    CallOutcome.AssistantUnreachable _ ->
                    true;
            case CallOutcome.Assisted _,
                    CallOutcome.Withdrew _,
                    CallOutcome.Refused _,
                    CallOutcome.Unanswered _,
                    CallOutcome.LeftBeforeAssistant _,
                    CallOutcome.NeverAnswered _,
                    CallOutcome.PrivacyServed _,
                    CallOutcome.Drained _ ->
                    false;
        };
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
