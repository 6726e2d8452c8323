// Fields of a fixture are its state, made anew for each test.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
