package org.consentgateway.call;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.consentgateway.call.far.Assistant;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.FarEnd;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.call.far.HumanTarget;
import org.consentgateway.call.far.Notified;
import org.consentgateway.call.far.PurposeNews;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.journal.DurableGrant;

/** Confined to a test. An assistant and a human who note on the tape what is done with them. */
final class RecordingTargets implements Targets {
    private final Script script;
    private final Tape tape;
    private final Kind kind;
    private int openLegs;

    /** The assistant has hung up while no verb looked. */
    private boolean assistantOver;

    /** How persons who had answered were hung up on. */
    final List<Ending> humansHungUpOn = new ArrayList<>();

    /** The assistant asks for one more purpose, and does not wait for the answer. */
    boolean hangsUpOnceAsked;

    RecordingTargets(Script script, Tape tape, Kind kind) {
        this.script = script;
        this.tape = tape;
        this.kind = kind;
    }

    /** How an assistant is reached: what the story sees of it differs in its end. */
    enum Kind {
        /**
         * Waits to be told how a hand-over went; confirms the end of a consent by its answer to
         * INFO.
         */
        SIP,
        /** Is gone once it hangs up or hands over; confirms by its close, while it is there. */
        SOCKET
    }

    enum Reached {
        PICKS_UP,
        IS_BUSY
    }

    /** The assistant hangs up while it is not heard. */
    void assistantHangsUp() {
        assistantOver = true;
    }

    /** Legs that were opened and not closed. */
    int openLegs() {
        return openLegs;
    }

    @Override
    public Assistant assistant(String name) {
        return new RecordingAssistant();
    }

    @Override
    public List<HumanTarget> humans(Line line) {
        return line.humans().stream().<HumanTarget>map(RecordingHuman::new).toList();
    }

    private <E extends FarEnd> Dialling<E> dial(String target, Function<Leg, E> as) {
        tape.add(new Tape.Happening.Dialled(target));
        openLegs++;
        Reached reached = script.next(List.of(Reached.values()));
        tape.chose(reached);
        var leg = new Leg(target);
        E end = as.apply(leg);
        var result = new CompletableFuture<Dialled<E>>();
        return new Dialling<>() {
            // Looked at where it has answered, or does not.
            @Override
            public CompletionStage<Dialled<E>> result() {
                if (result.isDone()) {
                    return result;
                }
                if (reached == Reached.IS_BUSY) {
                    notReached(486);
                } else {
                    tape.answered(end, target);
                    result.complete(new Dialled.Connected<>(end));
                }
                return result;
            }

            // Who picks up has done so by then, and who would be busy still rings.
            @Override
            public void cancel(Ending why) {
                if (reached == Reached.PICKS_UP) {
                    var _ = result();
                } else if (!result.isDone()) {
                    tape.add(new Tape.Happening.Cancelled(target));
                    notReached(487);
                }
            }

            private void notReached(int status) {
                leg.close();
                result.complete(new Dialled.NotReached<>(Dialled.Why.BUSY, status));
            }
        };
    }

    private final class Leg {
        private final String target;
        private boolean closed;

        Leg(String target) {
            this.target = target;
        }

        void close() {
            if (!closed) {
                openLegs--;
            }
            closed = true;
        }

        void hangUp() {
            if (!closed) {
                tape.add(new Tape.Happening.HungUp(target));
            }
            close();
        }
    }

    final class AnsweredAssistant extends AssistantEnd {
        private final Leg leg;

        private AnsweredAssistant(Leg leg) {
            this.leg = leg;
        }

        /** It has ended the talk itself. */
        void leaves() {
            if (kind == Kind.SOCKET) {
                leg.hangUp();
            }
        }

        @Override
        public boolean over() {
            return leg.closed || assistantOver;
        }

        @Override
        public void referred(boolean reached) {
            if (kind == Kind.SIP) {
                tape.add(new Tape.Happening.Told(reached));
            }
            leg.hangUp();
        }

        @Override
        public void told(PurposeNews news) {
            if (leg.closed) {
                throw new IllegalStateException("told of " + news + " when it was gone");
            }
            tape.add(new Tape.Happening.ToldOfPurpose(news));
            if (news instanceof PurposeNews.AskedNow && hangsUpOnceAsked) {
                assistantHangsUp();
            }
        }

        @Override
        public CompletionStage<Notified> consentEnded(EndOfConsent end) {
            boolean there = kind == Kind.SIP || !leg.closed;
            leg.hangUp();
            if (there) {
                tape.add(new Tape.Happening.ToldOfEnd(end.how()));
            }
            String by = kind == Kind.SIP ? "INFO" : "CLOSE";
            return CompletableFuture.completedStage(new Notified(there, there ? by : ""));
        }

        @Override
        public void hangUp(Ending why) {
            leg.hangUp();
        }
    }

    private final class AnsweredHuman extends HumanEnd {
        private final Leg leg;

        AnsweredHuman(Leg leg) {
            this.leg = leg;
        }

        @Override
        public void hangUp(Ending why) {
            humansHungUpOn.add(why);
            leg.hangUp();
        }
    }

    /** Whom an assistant may name in its place. */
    HumanTarget colleague(String name) {
        return new RecordingHuman(name);
    }

    /** Hears what the caller says once the gate is open. */
    private final class RecordingAssistant implements Assistant {
        @Override
        public String name() {
            return "assistant";
        }

        @Override
        public Dialling<AssistantEnd> dial(DurableGrant grant, CallFacts facts, String language) {
            return RecordingTargets.this.dial("assistant", AnsweredAssistant::new);
        }
    }

    private final class RecordingHuman implements HumanTarget {
        private final String name;

        RecordingHuman(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean open(ZonedDateTime now) {
            return !name.startsWith("closed");
        }

        @Override
        public Health health() {
            if (name.startsWith("down")) {
                return Health.DOWN;
            }
            return name.startsWith("doubtful") ? Health.DOUBTFUL : Health.UP;
        }

        @Override
        public Dialling<HumanEnd> dial(CallFacts facts) {
            if (name.startsWith("transferred")) {
                return broughtThere(new Dialled.Transferred());
            }
            return name.startsWith("handed-over")
                    ? broughtThere(new Dialled.HandedOver())
                    : RecordingTargets.this.dial(name, AnsweredHuman::new);
        }

        /** By the caller's side. */
        private Dialling<HumanEnd> broughtThere(Dialled<HumanEnd> how) {
            tape.add(new Tape.Happening.Dialled(name));
            return new Dialling<>() {
                @Override
                public CompletionStage<Dialled<HumanEnd>> result() {
                    return CompletableFuture.completedStage(how);
                }

                @Override
                public void cancel(Ending why) {}
            };
        }
    }
}
