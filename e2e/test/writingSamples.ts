/** Package files that the tests about writing open, beside those of the shop: one for each subject. */
export const files: Readonly<Record<string, string>> = {
  "payments/contract.ocu.star": `ocuroot("0.3.0")

def build():
    host.shell("docker build -t payments:1 .")
    return done(outputs={"tag": "payments:1"})

task(build, name="build")

def publish(tag, registry):
    host.shell("docker push {}/{}".format(registry, tag))
    return done()

task(
    publish,
    name="publish",
    inputs={
        "tag": ref("./task/build#output/tag"),
        "retries": 3,
    },
)
`,
  "payments/waits.ocu.star": `ocuroot("0.3.0")

def number(previous):
    return done(outputs={"number": previous + 1})

# Nothing is there before the first release.
task(number, name="number", inputs={
    "previous": ref("./@/task/number#output/number"),
})

def judge(report):
    return done() if report == "ok" else fail(report)

# What it waits for begins when it is done.
task(judge, name="judge", inputs={
    "report": ref("./task/measure#output/report"),
})

def measure():
    return done(outputs={"report": "ok"})

task(measure, name="measure")
`,
  "payments/secrets.ocu.star": `ocuroot("0.3.0")

def migrate():
    password = host.env()["ADMIN_PASSWORD"]
    print("migrating")
    url = "postgres://payments:${"hunter22"}@db.shop/payments"
    host.shell("./migrate.sh", env={"URL": url, "PASSWORD": password})
    return done()

task(migrate, name="migrate")
`,
  "payments/migrate.sh": "#!/bin/sh\n",
  "payments/shell.ocu.star": `ocuroot("0.3.0")

def release(version):
    host.shell(
        """
        set -eu
        if [ -n "$VERSION" ]; then
            git tag "v$VERSION" && git push --tags
        """,
        env={"VERSION": version},
    )
    host.shell("./missing.sh {} > release.log".format(version))
    return done()

task(release, name="release", inputs={"version": "1.0.0"})
`,
  "payments/names.ocu.star": `ocuroot("0.3.0")

def check(hosts):
    print(hosts)

STAGING = 

task(check, name="check", inputs={"hosts": [e.name for e in STAGING]})
`,
  "payments/untidy.ocu.star": `ocuroot( '0.3.0' )
def build( version,flags = [] ):
    host.shell('make '+' '.join( flags ))
    return done( outputs = {'version':version} )   # the version


task(build,name='build',inputs={ 'version':1,
  'flags' : ['-j'] })
`,
  "payments/release.ocu.star": `ocuroot("0.3.0")

load("../lib/environments.star", "of_type")

def build(previous):
    number = previous + 1
    host.shell("echo docker build -t payments:{} .".format(number))
    return done(outputs={
        "number": number,
        "tag": "payments:{}".format(number),
    })

task(build, name="build", inputs={
    "previous": input("./@/task/build#output/number", default=0),
})

def up(environment, tag):
    host.shell("../scripts/deploy.sh payments {name} {tag}".format(
        name=environment["name"],
        tag=tag,
    ))
    return next(check, inputs={"server": environment["name"] + ".shop"})

def check(environment, server):
    host.shell("echo curl --fail $SERVER", env={"SERVER": server})
    return done(outputs={"server": server})

def down(environment, tag):
    print("removing", tag, "from", environment["name"])
    return done()

phase("staging", tasks=[
    deploy(environment=e, up=up, down=down, inputs={
        "tag": ref("./task/build#output/tag"),
    })
    for e in of_type("staging")
])

phase("production", tasks=[
    deploy(environment=e, up=up, down=down, inputs={
        "tag": ref("./task/build#output/tag"),
    })
    for e in of_type("production")
])
`,
};
