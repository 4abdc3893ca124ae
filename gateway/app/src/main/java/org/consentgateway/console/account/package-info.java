/** Who may sign in to the console, and how it is checked that it is they. */
@NullMarked
package org.consentgateway.console.account;

import org.jspecify.annotations.NullMarked;
