@echo off
rem Runs Daumier on Windows as the script daumier does elsewhere: builds it first when the built
rem program is missing or older than its sources. The same environment variables count: JAVA_HOME,
rem DAUMIER_JAVA_OPTS, MAVEN_ARGS, DAUMIER_CACHE, OMP_NUM_THREADS.
setlocal EnableExtensions DisableDelayedExpansion
set "DAUMIER_HOME=%~dp0"
set "DAUMIER_HOME=%DAUMIER_HOME:~0,-1%"
set "DAUMIER_APP=%DAUMIER_HOME%\target\app"

set "java=java.exe"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"
"%java%" -version >nul 2>&1
if errorlevel 1 (
    echo daumier: no Java found; install a JDK 17 or newer, or set JAVA_HOME to one.>&2
    exit /b 1
)
set "version="
for /f "tokens=3" %%v in ('""%java%" -version 2^>^&1"') do if not defined version set "version=%%~v"
for /f "delims=." %%m in ("%version%") do set "version=%%m"
if %version% LSS 17 (
    echo daumier: this Java is version %version%; Daumier needs a JDK 17 or newer, set JAVA_HOME to one.>&2
    exit /b 1
)

rem Exit code 1: there is no stamp, or a source is newer.
powershell -NoProfile -Command ^
  "$stamp = Get-Item -LiteralPath (Join-Path $env:DAUMIER_APP 'stamp') -ErrorAction SilentlyContinue;" ^
  "if (-not $stamp -or -not (Test-Path -LiteralPath (Join-Path $env:DAUMIER_APP 'java.args'))) { exit 1 };" ^
  "$places = @('pom.xml', 'src\main') + @('faces', 'diffusion', 'env', 'agent', 'src' | ForEach-Object { \"$_\pom.xml\"; \"$_\src\main\" });" ^
  "$files = $places | ForEach-Object { Join-Path $env:DAUMIER_HOME $_ } | Where-Object { Test-Path -LiteralPath $_ } | ForEach-Object { Get-ChildItem -LiteralPath $_ -Recurse -File };" ^
  "if ($files | Where-Object { $_.FullName -notlike '*\resources\pack\*' -and $_.LastWriteTimeUtc -gt $stamp.LastWriteTimeUtc } | Select-Object -First 1) { exit 1 }"
if not errorlevel 1 goto run

echo daumier: building (the first time also downloads the libraries, about 340 MB) ...>&2
if not exist "%DAUMIER_APP%" mkdir "%DAUMIER_APP%"
type nul >"%DAUMIER_APP%\stamp.new"
del /q "%DAUMIER_HOME%\src\target\daumier-cli-*.jar" 2>nul
pushd "%DAUMIER_HOME%"
call mvnw.cmd -q -B -Dfast -Dmaven.test.skip=true -pl src -am package >"%DAUMIER_APP%\build.log" 2>&1
set "built=%errorlevel%"
popd
if not "%built%"=="0" goto failed

rem Our own jars are copied out of Maven's reach, so that a later build cannot pull them from under
rem a running training. An argument file holds the class path, which is too long for a variable.
powershell -NoProfile -Command ^
  "$ErrorActionPreference = 'Stop';" ^
  "$jars = Join-Path $env:DAUMIER_APP ('jars-' + $PID); New-Item -ItemType Directory -Path $jars | Out-Null;" ^
  "$own = (Get-ChildItem (Join-Path $env:DAUMIER_HOME 'src\target\daumier-cli-*.jar') | Select-Object -First 1).FullName;" ^
  "$all = @($own) + (Get-Content -LiteralPath (Join-Path $env:DAUMIER_HOME 'src\target\classpath.txt') -Raw).Trim().Split(';');" ^
  "$path = $all | ForEach-Object { if ($_.StartsWith($env:DAUMIER_HOME + '\')) { Copy-Item -LiteralPath $_ -Destination $jars; Join-Path $jars (Split-Path $_ -Leaf) } else { $_ } };" ^
  "$text = '-cp \"' + ($path -join ';').Replace('\', '/') + '\"';" ^
  "[IO.File]::WriteAllText((Join-Path $env:DAUMIER_APP 'java.args'), $text)" >>"%DAUMIER_APP%\build.log" 2>&1
if errorlevel 1 goto failed
move /y "%DAUMIER_APP%\stamp.new" "%DAUMIER_APP%\stamp" >nul
rem Those of a program that still runs cannot be removed, and stay.
for /d %%d in ("%DAUMIER_APP%\jars-*") do findstr /c:"%%~nxd" "%DAUMIER_APP%\java.args" >nul || rd /s /q "%%d" 2>nul

:run
set "native="
if %version% GEQ 22 set "native=--enable-native-access=ALL-UNNAMED"
if %version% GEQ 24 set "native=%native% --sun-misc-unsafe-memory-access=allow"
if not defined OMP_NUM_THREADS set "OMP_NUM_THREADS=1"
"%java%" %native% -Xmx3g -XX:+UseSerialGC -Djava.awt.headless=true ^
  -Dorg.bytedeco.javacpp.maxbytes=4g -Dorg.bytedeco.javacpp.maxphysicalbytes=0 ^
  "-Ddaumier.home=%DAUMIER_HOME%" %DAUMIER_JAVA_OPTS% "@%DAUMIER_APP%\java.args" daumier.cli.Main %*
exit /b %errorlevel%

:failed
type "%DAUMIER_APP%\build.log" >&2
echo daumier: the build failed; the whole output is in %DAUMIER_APP%\build.log.>&2
exit /b 1
