package org.consentgateway.call;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.DurableGrant;

/** Confined to a test. An assistant and a human who note on the tape what is done with them. */
final class RecordingTargets implements Targets {
    private final Script script;
    private final Tape tape;
    private int openLegs;

    RecordingTargets(Script script, Tape tape) {
        this.script = script;
        this.tape = tape;
    }

    enum Reached {
        PICKS_UP,
        IS_BUSY
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
    public Optional<HumanTarget> human(Line line) {
        return line.human() == null ? Optional.empty() : Optional.of(new RecordingHuman());
    }

    private Dialling dial(String target) {
        tape.add(new Tape.Happening.Dialled(target));
        openLegs++;
        Reached reached = script.next(List.of(Reached.values()));
        tape.chose(reached);
        var leg = new Leg(target);
        return new Dialling() {
            @Override
            public CompletionStage<Dialled> result() {
                if (reached == Reached.IS_BUSY) {
                    leg.close();
                    return CompletableFuture.completedStage(
                            new Dialled.NotReached(Dialled.Why.BUSY, 486));
                }
                tape.add(new Tape.Happening.Connected(target));
                return CompletableFuture.completedStage(new Dialled.Connected(leg));
            }

            @Override
            public void cancel() {
                tape.add(new Tape.Happening.Cancelled(target));
                leg.close();
            }
        };
    }

    final class Leg implements Connection {
        private final String target;
        private boolean closed;

        Leg(String target) {
            this.target = target;
        }

        /** Whom an assistant may name. */
        HumanTarget colleague() {
            return new RecordingHuman();
        }

        void close() {
            if (!closed) {
                openLegs--;
            }
            closed = true;
        }

        @Override
        public void referred(boolean reached) {
            tape.add(new Tape.Happening.Told(reached));
            hangUp(Ending.NORMAL);
        }

        @Override
        public void hangUp(Ending why) {
            if (!closed) {
                tape.add(new Tape.Happening.HungUp(target));
            }
            close();
        }
    }

    /** Hears what the caller says once the gate is open. */
    private final class RecordingAssistant implements Assistant {
        @Override
        public String name() {
            return "assistant";
        }

        @Override
        public Dialling dial(DurableGrant grant, CallFacts facts, String language) {
            return RecordingTargets.this.dial("assistant");
        }
    }

    private final class RecordingHuman implements HumanTarget {
        @Override
        public String name() {
            return "human";
        }

        @Override
        public Dialling dial(CallFacts facts) {
            return RecordingTargets.this.dial("human");
        }
    }
}
