#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""bench - keyplate beside what it replaces: one table.

usage: bench.py [--go PROGRAM]... [SECTION]...

Peers that are not installed are left out.  --go names a template tool of the
kind "reads standard input, replaces ${NAME} by variables, writes standard
output"; drone's envsubst is built where Debian's package of it is there.
KEYPLATE is the program of this tree, KEYPLATE_MUSL the small one.  What was
measured is kept in bench.json, for plot.py.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import tempfile
import time

from race import Way, race, version_of

HERE = pathlib.Path(__file__).resolve().parent
ROUNDS = int(os.environ.get('ROUNDS', '25'))
MIB = 1 << 20
SECRETS = 30
GO_ENVSUBST = '/usr/share/gocode/src/github.com/drone/envsubst'


def has(*programs):
    return all(shutil.which(program) for program in programs)


class Bench:
    def __init__(self, options, work, programs):
        self.work = work
        self.programs = programs
        self.go = [pathlib.Path(path).resolve() for path in options.go]
        self.figures = {'job': [], 'growth': {}}
        self.keyplates = {}
        for name, variable, compiler in (
                ('keyplate (glibc)', 'KEYPLATE', 'gcc'),
                ('keyplate (musl)', 'KEYPLATE_MUSL', 'musl-gcc')):
            program = os.environ.get(variable, '')
            if program and os.path.exists(program) and has(compiler):
                self.keyplates[name] = (
                    self.install(program, variable.lower()),
                    self.compile(compiler, 'floor'))
        if not self.keyplates:
            raise SystemExit('bench: KEYPLATE names no program')
        self.keyplate = next(iter(self.keyplates.values()))[0]
        self.floor = list(self.keyplates.values())[-1][1]
        self.service = self.compile('gcc', 'service')
        self.make_secrets('secrets', SECRETS)
        if has('go') and os.path.isdir(GO_ENVSUBST):
            self.build_go()

    def install(self, program, name):
        """A copy, on a disk as the peers' programs are.

        What a linker wrote piece by piece takes longer to map, and so does
        what is in memory.
        """
        return shutil.copy(program, self.programs / name)

    def compile(self, compiler, name):
        linked = self.work / f'{name}-{compiler}'
        subprocess.run([compiler, '-std=c11', '-D_GNU_SOURCE', '-O2', '-s',
                        '-static', '-o', linked, HERE / f'{name}.c'],
                       check=True)
        return self.install(linked, linked.name)

    def build_go(self):
        program = self.work / 'drone-envsubst'
        env = {**os.environ, 'GO111MODULE': 'off', 'GOPATH':
               '/usr/share/gocode', 'GOCACHE': str(self.work / 'go')}
        built = subprocess.run(['go', 'build', '-o', program,
                                HERE / 'envsubst.go'], env=env, check=False,
                               capture_output=True)
        if built.returncode == 0:
            self.go.append(self.install(program, program.name))

    def make_secrets(self, name, count):
        folder = self.work / name
        folder.mkdir()
        for i in range(count):
            (folder / f'S{i}').write_text(f's3cret-value-number-{i}\n')
        return folder

    def write(self, name, text):
        path = self.work / name
        path.write_text(text)
        return path

    # --- the table ---

    def head(self, title, what):
        print(f'\n{title}: {what}')

    def row(self, name, *cells, version=''):
        print(f'  {name:<44}' + ''.join(f'{cell:>13}' for cell in cells) +
              (f'  {version}' if version else ''), flush=True)

    def times(self, ways, base):
        for way in ways:
            self.row(way.name, f'{way.median() * 1e3:.2f} ms',
                     f'{way.over(base):.2f} x', version=way.version)

    def render(self, program, form, source, target, secrets='secrets'):
        return [program, 'render', '-s', self.work / secrets, '-f', form,
                '-t', f'{source}:{target}']

    # --- start ---

    def start(self):
        self.head('start', 'fork, exec, and the end; x of a bare program')
        bares = {name: Way(f'a bare program for {name}', [own])
                 for name, (_, own) in self.keyplates.items()}
        bare = list(bares.values())[-1]
        ways = list(bares.values())
        executed, supervised = {}, {}
        for name, (program, own) in self.keyplates.items():
            executed[name] = Way(f'{name} run --exec', [
                program, 'run', '--exec', '--', own])
            supervised[name] = Way(f'{name} run', [
                program, 'run', '--', self.floor])
            ways += [executed[name], supervised[name]]
        for argv in (['tini-static', '-s', '--'], ['tini', '-s', '--'],
                     ['dumb-init', '--'], ['catatonit', '--'],
                     ['gosu', 'root']):
            if has(argv[0]):
                ways.append(Way(argv[0], [*argv, self.floor],
                                version=version_of(argv[0])))
        self.times(race(ways, ROUNDS * 4), bare)
        for name in self.keyplates:
            self.row(f'{name} run --exec / bare, its C library',
                     f'{executed[name].over(bares[name]):.2f} x', 'goal 1.5')
            for way in ways:
                if way.name.startswith('tini'):
                    self.row(f'{name} run / {way.name}',
                             f'{supervised[name].over(way):.2f} x',
                             'goal < 1')
        for way in (*bares.values(), *executed.values(),
                    *supervised.values()):
            self.row(f'{way.name}: page faults', way.faults)

    # --- the job ---

    def job_files(self):
        lines, number = [], 0
        for i in range(1002):
            if i % 33 == 20 and number < SECRETS:
                lines.append(f'password_{number} = ${{secret:S{number}}}')
                number += 1
            elif i % 25 == 0:
                lines.append(f'[section_{i}]')
            elif i % 3 == 0:
                lines.append(f';option_{i} = some default value')
            elif i % 3 == 1:
                lines.append(f'# What option {i} is about, in some words')
            else:
                lines.append(f'option_{i} = a value that stays')
        text = '\n'.join(lines) + '\n'
        return (self.write('grafana.ini.tmpl', text),
                self.write('plain.tmpl', text.replace('secret:', '')))

    def scripts(self, plain, target):
        """The entry points that people write, as (name, argv, programs)."""
        secrets = self.work / 'secrets'
        names = range(SECRETS)
        noop = self.floor
        cats = '; '.join(f'export S{i}="$(cat {secrets}/S{i})"' for i in names)
        reads = '; '.join(f'read -r S{i} <{secrets}/S{i}; export S{i}'
                          for i in names)
        seds = '; '.join(f'sed -i "s|\\${{S{i}}}|$(cat {secrets}/S{i})|" '
                         f'{target}' for i in names)
        one = ' '.join(f'-e "s|\\${{S{i}}}|$(cat {secrets}/S{i})|"'
                       for i in names)
        defines = ' '.join(f'-D S{i}="$(cat {secrets}/S{i})"' for i in names)
        init = f'exec tini -s -- {noop}'
        perl = ('s{\\$\\{(\\w+)\\}}{$v{$1} //= do { '
                f'open my $f, "<", "{secrets}/$1"; '
                'my $x = do { local $/; <$f> }; chomp $x; $x }}ge')
        jinja = (f'import jinja2,os; d={str(secrets)!r}; '
                 'v={n: open(os.path.join(d,n)).read().rstrip("\\n") '
                 'for n in os.listdir(d)}; '
                 'e=jinja2.Environment(variable_start_string="${",'
                 'variable_end_string="}",keep_trailing_newline=True); '
                 f'open({str(target)!r},"w").write(e.from_string('
                 f'open({str(plain)!r}).read()).render(v)); '
                 f'os.execv("/usr/bin/tini",["tini","-s","--",{str(noop)!r}])')
        m4 = f"sed 's/[$][{{]\\(S[0-9]*\\)[}}]/\\1/' {plain} | m4 {defines}"
        yield ('sh, read, envsubst, tini', ['sh', '-c', f'{reads}; envsubst '
               f'<{plain} >{target}; {init}'], ['envsubst', 'tini'])
        yield ('sh, 30 x $(cat), envsubst, tini', ['sh', '-c',
               f'{cats}; envsubst <{plain} >{target}; {init}'],
               ['envsubst', 'tini'])
        yield ('bash, 30 x sed -i, tini', ['bash', '-c', f'cp {plain} '
               f'{target}; {seds}; {init}'], ['bash', 'sed', 'tini'])
        yield ('sh, one sed, tini', ['sh', '-c', f'sed {one} {plain} '
               f'>{target}; {init}'], ['sed', 'tini'])
        yield ('sh, m4, tini', ['sh', '-c', f'{m4} >{target}; {init}'],
               ['m4', 'tini'])
        yield ('perl, tini', ['sh', '-c', f'perl -pe "$1" {plain} '
               f'>{target}; {init}', 'sh', perl], ['perl', 'tini'])
        yield ('python3, jinja2, tini', ['python3', '-c', jinja], ['tini'])
        for program in self.go:
            yield (f'sh, read, {program.name} (Go), tini', ['sh', '-c',
                   f'{reads}; {program} <{plain} >{target}; {init}'],
                   ['tini'])

    def job(self):
        self.head('job', '1,002 lines of grafana.ini, 30 placeholders, 30 '
                  'secret files, exec of a no-op; x of the floor')
        template, plain = self.job_files()
        target = self.work / 'grafana.ini'
        ways, floors = [], {}
        for name, (program, floor) in self.keyplates.items():
            floors[name] = Way(f'floor.c for {name}', [
                floor, template, target, self.work / 'secrets', floor])
            ways += [floors[name], Way(name, [
                program, 'run', '--exec', '-s', self.work / 'secrets', '-f',
                'ini/grafana', '-t', f'{template}:{target}', '--', floor])]
        base = ways[0]
        wanted = None
        for name, argv, programs in self.scripts(plain, target):
            if has(*programs):
                ways.append(Way(name, argv, version=', '.join(
                    filter(None, map(version_of, programs)))))
        for way in list(ways):
            target.unlink(missing_ok=True)
            try:
                way.run()
            except RuntimeError:
                ways.remove(way)
                continue
            finally:
                way.seconds.clear()
            # What does not make the same file is no peer.
            wanted = wanted or target.read_bytes()
            if target.read_bytes() != wanted:
                self.row(way.name, 'left out: it makes another file')
                ways.remove(way)
        race(ways, ROUNDS)
        self.times(ways, base)
        self.figures['job'] = [(way.name, way.median()) for way in ways]
        for name in self.keyplates:
            own = next(way for way in ways if way.name == name)
            self.row(f'{name} / its floor',
                     f'{own.over(floors[name]):.2f} x')
            for way in ways:
                if 'tini' in way.name:
                    self.row(f'{way.name} / {name}', f'{way.over(own):.1f} x')
        self.calls(template, target)

    def calls(self, template, target):
        """System calls of the job up to the exec of the no-op."""
        if not has('strace'):
            return
        for name, (program, floor) in self.keyplates.items():
            log = self.work / 'strace'
            subprocess.run(
                ['strace', '-o', log, program, 'run', '--exec', '-s',
                 self.work / 'secrets', '-f', 'ini/grafana', '-t',
                 f'{template}:{target}', '--', floor],
                check=True, stderr=subprocess.DEVNULL)
            lines = log.read_text().splitlines()
            last = max(i for i, line in enumerate(lines)
                       if line.startswith('execve('))
            self.row(f'{name}: system calls', last,
                     f'goal {3 * SECRETS + 50}')

    # --- throughput ---

    def lines(self, form, size):
        """A text of that many bytes, one placeholder a line."""
        shape = {
            'text': 'the setting number {i} has the value ${{S{s}}} here\n',
            'ini': 'key{i} = ${{S{s}}}\n',
            'yaml': 'key{i}: ${{S{s}}}\n',
            'toml': 'key{i} = "${{S{s}}}"\n',
            'caddyfile': 'h{i}.example {{{{\n\theader X ${{S{s}}}\n}}}}\n',
            'json': '"key{i}": "${{S{s}}}",\n',
        }[form]
        start, end = ('{\n', '"last": 0}\n') if form == 'json' else ('', '')
        parts, length, i = [start], 0, 0
        while length < size:
            line = shape.format(i=i, s=i % SECRETS)
            parts.append(line)
            length += len(line)
            i += 1
        return ''.join(parts) + end

    def throughput(self):
        size = int(os.environ.get('THROUGHPUT_MIB', '32')) * MIB
        for form in ('text', 'ini'):
            self.head('throughput', f'{form}, {size // MIB} MiB, one '
                      'placeholder a line, to tmpfs; x of cat')
            source = self.write('big', self.lines(form, size))
            target = self.work / 'big.out'
            values = {f'S{i}': f's3cret-value-number-{i}'
                      for i in range(SECRETS)}
            cat = Way('cat', ['sh', '-c', f'cat {source} >{target}'])
            ways = [cat]
            ways += [Way(name, self.render(program, form, source, target),
                         setup=lambda: target.unlink(missing_ok=True))
                     for name, (program, _) in self.keyplates.items()]
            for name, command in (
                    ('envsubst', f'envsubst <{source} >{target}'),
                    ('perl', "perl -pe 's/\\$\\{(\\w+)\\}/$ENV{$1}/g' "
                     f'{source} >{target}'),
                    ('sed', 'sed ' + ' '.join(
                        f"-e 's|${{S{i}}}|{values[f'S{i}']}|g'"
                        for i in range(SECRETS)) + f' {source} >{target}')):
                if has(name):
                    ways.append(Way(name, ['sh', '-c', command], env=values,
                                    version=version_of(name)))
            self.times(race(ways, 6), cat)
        for form in ('yaml', 'json', 'toml', 'caddyfile'):
            self.head('throughput', f'{form}, one placeholder a line: twice '
                      'the size; x of the parse alone, which is next')
            target = self.work / 'out'
            ways = []
            for mib in (1, 2, 4):
                text = self.lines(form, mib * MIB)
                source = self.write(f'in{mib}', text)
                # Nothing to render: read, scanned, written.
                alone = self.write(f'alone{mib}', text.replace('${', '{')
                                   if form == 'text' else
                                   text.replace('${', 'x').replace('}', 'x')
                                   if form not in ('json', 'caddyfile') else
                                   text.replace('${S', 'S').replace(
                                       '}"', '"').replace('}\n}', '\n}'))
                ways += [Way(f'{mib}', self.render(self.keyplate, form,
                                                   source, target)),
                         Way(f'{mib} alone', self.render(
                             self.keyplate, form, alone, target))]
            race(ways, 5)
            for i in (0, 2, 4):
                self.row(f'{form}, {ways[i].name} MiB',
                         f'{ways[i].median() * 1e3:.1f} ms',
                         f'{ways[i].over(ways[i + 1]):.2f} x',
                         f'{ways[i + 1].median() * 1e3:.1f} ms',
                         f'{self.peak(ways[i].argv)} KiB')

    # --- growth ---

    def curve(self, title, points, command):
        """One way at growing sizes; command makes its arguments."""
        ways = [Way(str(point), command(point)) for point in points]
        race(ways, 5)
        self.figures['growth'][title] = [(point, way.median())
                                         for point, way in zip(points, ways)]
        for point, way in zip(points, ways):
            self.row(f'{title}: {point}', f'{way.median() * 1e3:.2f} ms',
                     f'{way.over(ways[0]):.2f} x')

    def growth(self):
        self.head('growth', 'of this tree\'s keyplate; x of the first')
        target = self.work / 'grown'

        def placed(name, form, text, secrets='secrets'):
            return self.render(self.keyplate, form, self.write(name, text),
                               target, secrets)

        filler = 'option = a value that stays\n'
        self.curve('file size, MiB', [1, 2, 4, 8], lambda mib: placed(
            f'g{mib}', 'ini', filler * (mib * MIB // len(filler))))
        self.curve('placeholders in 1 MiB', [1, 10, 100, 1000, 10000],
                   lambda count: placed(f'p{count}', 'ini', ''.join(
                       f'key{i} = ${{S{i % SECRETS}}}\n'
                       for i in range(count)) + filler *
                       ((MIB - 20 * count) // len(filler))))
        text = ''.join(f'option{i} = a value that stays\n'
                       for i in range(MIB // 35))
        source = self.write('ruled', text)
        for kind in ('match', 'set'):
            self.curve(f'{kind} rules on 1 MiB', [1, 10, 100, 1000],
                       lambda count, kind=kind: self.with_rules(
                           kind, source, count))
        self.make_secrets('many', 10000)
        self.curve('secrets referenced', [10, 100, 1000, 10000],
                   lambda count: placed(f's{count}', 'ini', ''.join(
                       f'key{i} = ${{S{i}}}\n' for i in range(count)),
                       'many'))
        crowd = self.make_secrets('crowd', 100000)
        text = ''.join(f'key{i} = ${{S{i}}}\n' for i in range(SECRETS))
        folders = {SECRETS: 'secrets', 100000: crowd.name}
        self.curve('files among which 30 are', list(folders),
                   lambda count: placed(f'c{count}', 'ini', text,
                                        folders[count]))

    def with_rules(self, kind, source, count):
        rules = [f'[file it]\nsource = {source}\npath = {self.work}/ruled.out'
                 '\nformat = ini\n']
        for i in range(count):
            number = i * 25
            how = (f'pattern = ^option{number} = (?<value>.*)$'
                   if kind == 'match' else f'key = option{number}')
            rules.append(f'[{kind} r{i}]\nfile = it\n{how}\n'
                         f'value = ${{S{i % SECRETS}}}\n')
        config = self.write(f'{kind}{count}.conf', '\n'.join(rules))
        return [self.keyplate, 'render', '-s', self.work / 'secrets', '-c',
                config]

    # --- memory ---

    def peak(self, argv):
        """The most KiB that a program has; Python's own do not count."""
        return int(subprocess.run([self.service, 'peak', *argv], check=True,
                                  stdout=subprocess.PIPE).stdout)

    def memory(self):
        self.head('memory', 'peak while 8 MiB are rendered; goal 3 x + 2 MiB')
        size, target = 8 * MIB, self.work / 'out'
        few = 'option = a value that stays\n'
        for name, text in (
                ('30 placeholders', self.lines('ini', 700) +
                 few * (size // len(few))),
                ('one placeholder a line', self.lines('ini', size))):
            source = self.write('large', text)
            for which, (program, _) in self.keyplates.items():
                for form in ('text', 'ini'):
                    target.unlink(missing_ok=True)
                    kib = self.peak(self.render(program, form, source,
                                                target))
                    self.row(f'{which}, {form}, {name}', f'{kib} KiB',
                             f'{kib * 1024 / size:.1f} x file')
        self.head('memory', 'of an init at rest, KiB')
        for name, argv in self.inits():
            process, _ = self.serve(argv, 'echo')
            kib, before = self.mapped(process.pid), None
            while kib != before:  # it gives memory back after a second
                time.sleep(2)
                kib, before = self.mapped(process.pid), kib
            self.row(name, f"Rss {kib['Rss:']}",
                     f"dirty {kib['Private_Dirty:']}")
            self.end(process)

    @staticmethod
    def mapped(pid):
        """What is resident of a process, by the kernel's names, in KiB."""
        with open(f'/proc/{pid}/smaps_rollup', encoding='ascii') as rollup:
            return dict(line.split()[:2] for line in rollup
                        if line.endswith('kB\n'))

    # --- signals ---

    def inits(self):
        for name, (program, _) in self.keyplates.items():
            yield name, [program, 'run', '--']
        for argv in (['tini-static', '-s', '--'], ['dumb-init', '--'],
                     ['catatonit', '--']):
            if has(argv[0]):
                yield argv[0], argv

    def serve(self, argv, *what):
        process = subprocess.Popen([*argv, self.service, *what],
                                   stdout=subprocess.PIPE, bufsize=0)
        os.read(process.stdout.fileno(), 1)
        return process, process.stdout.fileno()

    def end(self, process):
        process.send_signal(signal.SIGTERM)
        process.wait()
        process.stdout.close()

    def signals(self):
        self.head('signals', 'from kill() to the answer of the service')
        served = {name: self.serve(argv, 'echo')
                  for name, argv in self.inits()}
        taken = {name: [] for name in served}
        for _ in range(ROUNDS * 20):
            for name, (process, answers) in served.items():
                start = time.perf_counter()
                os.kill(process.pid, signal.SIGUSR1)
                os.read(answers, 1)
                taken[name].append(time.perf_counter() - start)
        for name, (process, _) in served.items():
            self.row(name, f'{statistics.median(taken[name]) * 1e6:.1f} us')
            self.end(process)
        self.head('signals', '10,000 orphans that have ended are reaped')
        taken = {name: [] for name in served}
        for _ in range(5):
            for name, argv in self.inits():
                if name == 'catatonit' or name == 'dumb-init':
                    continue  # they reap as process 1 alone
                said = subprocess.run([*argv, self.service, 'orphans',
                                       '10000'], check=True,
                                      stdout=subprocess.PIPE).stdout
                taken[name].append(int(said) / 1e6)
        for name, list_ in taken.items():
            if list_:
                self.row(name, f'{statistics.median(list_):.1f} ms')


def machine():
    model = next((line.split(': ')[1].strip() for line in
                  open('/proc/cpuinfo', encoding='utf-8')
                  if line.startswith('model name')), 'unknown')
    release = os.uname().release.split('-')[0]
    return (f'{model}, {os.cpu_count()} processors, Linux {release}, '
            f'load {os.getloadavg()[0]:.1f}')


def main():
    sections = ['start', 'job', 'throughput', 'growth', 'memory', 'signals']
    parser = argparse.ArgumentParser()
    parser.add_argument('--go', action='append', default=[])
    parser.add_argument('sections', nargs='*', metavar='SECTION')
    options = parser.parse_args()
    shared = pathlib.Path('/dev/shm')
    with tempfile.TemporaryDirectory(
            dir=shared if shared.is_dir() else None) as work, \
            tempfile.TemporaryDirectory(prefix='bench-', dir='.') as programs:
        bench = Bench(options, pathlib.Path(work),
                      pathlib.Path(programs).resolve())
        print(machine())
        for name, (program, _) in bench.keyplates.items():
            print(f'{name}: {os.path.getsize(program)} bytes')
        for section in options.sections or sections:
            if section not in sections:
                parser.error(f'no section {section}')
            getattr(bench, section)()
    if any(bench.figures.values()):
        pathlib.Path('bench.json').write_text(
            json.dumps({'machine': machine(), **bench.figures}))


main()
