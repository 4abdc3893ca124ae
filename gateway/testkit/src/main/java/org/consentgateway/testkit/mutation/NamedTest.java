package org.consentgateway.testkit.mutation;

/**
 * Immutable. A test class, or one test of it.
 *
 * @param type simple name of the class
 * @param method empty where all tests of the class count
 */
record NamedTest(String type, String method) {

    static NamedTest named(String text) {
        int dot = text.indexOf('.');
        return dot < 0
                ? new NamedTest(text, "")
                : new NamedTest(text.substring(0, dot), text.substring(dot + 1));
    }

    @Override
    public String toString() {
        return method.isEmpty() ? type : type + "." + method;
    }
}
