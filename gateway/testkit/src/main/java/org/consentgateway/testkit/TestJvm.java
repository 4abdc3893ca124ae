package org.consentgateway.testkit;

/** Which of the JVMs that test side by side this is; each has ports of its own. */
final class TestJvm {
    /** Two modules, of which sip has four; the app alone has six. */
    static final int MOST = 6;

    /**
     * 1 to {@link #MOST}. 1 where nothing is said, as in an editor; what is said and is no such
     * number fails every test, since JVMs with the same ports disturb each other only now and then.
     */
    static final int NUMBER = number(System.getProperty("test.fork", "1"));

    private TestJvm() {}

    private static int number(String said) {
        int number = Integer.parseInt(said);
        if (number < 1 || number > MOST) {
            throw new IllegalStateException(
                    "JVM %d of the tests has no ports of its own: at most %d side by side (-T 2)"
                            .formatted(number, MOST));
        }
        return number;
    }
}
