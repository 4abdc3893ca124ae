package org.consentgateway.testkit;

/** Which of the JVMs that test side by side this is; each has ports of its own. */
final class TestJvm {
    /**
     * 1 to 5, and from 11 on where a module's tests run beside another's. 1 where nothing is said,
     * as in an editor; what is said and is no number ends every test, since JVMs with the same
     * ports disturb each other only now and then.
     */
    static final int NUMBER = Integer.parseInt(System.getProperty("test.fork", "1"));

    private TestJvm() {}
}
