/** Peers, fakes and inputs for the tests of all modules, which share no code with the product. */
@NullMarked
package org.consentgateway.testkit;

import org.jspecify.annotations.NullMarked;
