package org.consentgateway.testkit.mutation;

/** Immutable. What became of one mutation. */
sealed interface Verdict {

    /**
     * @param law the first test that turned red
     */
    record Killed(String law) implements Verdict {
        @Override
        public String toString() {
            return "killed by " + law;
        }
    }

    /** It does not compile: nobody can break this promise by mistake. */
    record KilledByCompiler(String error) implements Verdict {
        @Override
        public String toString() {
            return "killed by the compiler: " + error;
        }
    }

    /** The laws were still running when they should have been over for long. */
    record KilledByTime(long seconds) implements Verdict {
        @Override
        public String toString() {
            return "killed: the laws still ran after " + seconds + " s";
        }
    }

    /** The promise is broken, and every law is green. */
    record Survived() implements Verdict {
        @Override
        public String toString() {
            return "SURVIVED";
        }
    }

    /** The laws could not be run. */
    record NotRun(String why) implements Verdict {
        @Override
        public String toString() {
            return "NOT RUN: " + why;
        }
    }
}
