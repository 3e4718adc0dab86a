package fleet.testing.history;

import java.util.Optional;

/// What a single client would see of something that does one thing at a time.
///
/// @param <S> its states; equal ones behave alike
/// @param <O> operations, with their answers; equal ones do the same
public interface Model<S, O> {

  S initial();

  /// The state after an operation that was answered so; empty if it cannot have been. Whoever was
  /// not answered can have been given any answer.
  Optional<S> after(S state, O operation);
}
